import type { HistoryPosition } from "../ports.ts";
import type { Message } from "../model.ts";
import { beforeStore, requireMember } from "./rules.ts";
import { utf8Length } from "../text.ts";
import { type Context, read, wantedRows } from "./spec.ts";

export const getHistory = read<"getHistory">({
  run({ channelId, position, limit }, context) {
    requireMember(context, channelId);
    requireMember(beforeStore(context), channelId);
    const headSeq = context.publishedHead(channelId);
    if (position.case === "around") {
      return around({ channelId, seq: position.value, limit, headSeq }, context);
    }
    const wanted = wantedRows(limit, context.limits);
    const found = side(context, {
      channelId,
      wanted,
      bytes: context.limits.pageBytes,
      position: lookup(position),
    });
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
  const wanted = wantedRows(limit, context.limits);
  const bytes = context.limits.pageBytes / 2;
  const olderLimit = Math.floor(wanted / 2);
  const older = olderLimit === 0
    ? { rows: [], more: context.reader.history(channelId, 1, { before: seq }).length > 0 }
    : side(context, { channelId, wanted: olderLimit, bytes, position: { before: seq } });
  const newerLimit = wanted - olderLimit;
  const newer = side(context, {
    channelId,
    wanted: newerLimit,
    bytes,
    position: { after: Math.max(0, seq - 1) },
  });
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
  wanted: number;
  bytes: number;
  position: HistoryPosition | undefined;
}

/** A page on one side of a position, oldest first; what is too much is cut off at the far end. */
function side(
  { reader }: Context,
  { channelId, wanted, bytes, position }: Side,
): { rows: Message[]; more: boolean } {
  const found = reader.history(channelId, wanted + 1, position);
  const forwards = position !== undefined && "after" in position;
  const kept = countWithin(forwards ? found : found.toReversed(), { wanted, bytes });
  return {
    rows: forwards ? found.slice(0, kept) : found.slice(found.length - kept),
    more: kept < found.length,
  };
}

/** How many of the first messages make a page: one in any case, however large it is. */
function countWithin(messages: Message[], { wanted, bytes }: { wanted: number; bytes: number }): number {
  let total = 0;
  const end = messages.findIndex((message, at) => {
    total += weigh(message);
    return at === wanted || (at > 0 && total > bytes);
  });
  return end < 0 ? messages.length : end;
}

/** Bytes of a message on the wire, roughly. */
function weigh({ text, reactions }: Message): number {
  const reacted = reactions.reduce(
    (sum, { emoji, userIds }) => sum + 3 * emoji.length + 3 * userIds.length,
    0,
  );
  return 32 + utf8Length(text) + reacted;
}
