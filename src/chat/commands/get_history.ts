import type { HistoryPosition } from "../ports.ts";
import type { Message } from "../model.ts";
import { beforeStore, requireMember } from "./rules.ts";
import { type Context, page, read } from "./spec.ts";

export const getHistory = read<"getHistory">({
  run({ channelId, position, limit }, context) {
    requireMember(context, channelId);
    requireMember(beforeStore(context), channelId);
    const headSeq = context.publishedHead(channelId);
    if (position.case === "around") {
      return around({ channelId, seq: position.value, limit, headSeq }, context);
    }
    const found = side(context, { channelId, limit, position: lookup(position) });
    const { moreBefore, moreAfter } = beyond(context, { channelId, position, more: found.more });
    return { case: "messagePage", value: { messages: found.rows, moreBefore, moreAfter, headSeq } };
  },
});

/** What lies on both sides of a page: at its far end as it was read, at its near end as it is. */
function beyond(
  context: Context,
  { channelId, position, more }: { channelId: number; position: OneSided; more: boolean },
): { moreBefore: boolean; moreAfter: boolean } {
  const exists = (near: HistoryPosition) => context.reader.history(channelId, 1, near).length > 0;
  switch (position.case) {
    case "after":
      return { moreBefore: exists({ before: position.value + 1 }), moreAfter: more };
    case "before":
      return { moreBefore: more, moreAfter: exists({ after: Math.max(0, position.value - 1) }) };
    default:
      return { moreBefore: more, moreAfter: false };
  }
}

interface Around {
  channelId: number;
  seq: number;
  limit: number;
  headSeq: number;
}

function around({ channelId, seq, limit, headSeq }: Around, context: Context) {
  const wanted = limit === 0 ? context.limits.pageItems : Math.min(limit, context.limits.pageItems);
  const olderLimit = Math.floor(wanted / 2);
  const older = olderLimit === 0
    ? { rows: [], more: context.reader.history(channelId, 1, { before: seq }).length > 0 }
    : side(context, { channelId, limit: olderLimit, position: { before: seq } });
  const newerLimit = wanted - olderLimit;
  const newer = side(context, { channelId, limit: newerLimit, position: { after: Math.max(0, seq - 1) } });
  const messages = [...older.rows, ...newer.rows];
  return {
    case: "messagePage",
    value: { messages, moreBefore: older.more, moreAfter: newer.more, headSeq },
  } as const;
}

type OneSided = { case: "before" | "after"; value: number } | { case: undefined };

function lookup(position: OneSided): HistoryPosition | undefined {
  if (position.case === undefined) return undefined;
  return position.case === "before" ? { before: position.value } : { after: position.value };
}

interface Side {
  channelId: number;
  limit: number;
  position: HistoryPosition | undefined;
}

/** A page on one side of a position, oldest first; the spare row is cut off at the far end. */
function side(context: Context, { channelId, limit, position }: Side): { rows: Message[]; more: boolean } {
  const wanted = limit === 0 ? context.limits.pageItems : Math.min(limit, context.limits.pageItems);
  if (position !== undefined && "after" in position) {
    return page(wanted, context.limits, (rows) => context.reader.history(channelId, rows, position));
  }
  const found = context.reader.history(channelId, wanted + 1, position);
  const more = found.length > wanted;
  return { rows: more ? found.slice(1) : found, more };
}
