/** Holds the folded channels of a client against the server's own folding. @module */
import type { Fault, Finding } from "./findings.ts";
import type { DeviceRecord, HeldChannel } from "./ledger.ts";
import { type Place, placeKey, type Truth } from "./truth.ts";

/** The fields of a message that both sides must agree on. */
interface Folded {
  readonly seq: number;
  readonly authorId: number;
  readonly timeMs: number;
  readonly text: string;
  readonly replyTo: number;
  readonly mentionIds: readonly number[];
  readonly mentionChannel: boolean;
  readonly editedMs: number;
  readonly deleted: boolean;
  readonly pinned: boolean;
  readonly reactions: readonly { readonly emoji: string; readonly userIds: readonly number[] }[];
}

export function compareChannels(record: DeviceRecord, truth: Truth): Finding[] {
  const { name, format, userId } = record;
  return record.channels.flatMap((channel) => {
    const finding = (fault: Fault, what: string): Finding => ({
      fault,
      count: 1,
      format,
      what: `${name}: channel ${channel.id}: ${what}`,
    });
    const place = truth.places.get(placeKey(channel.id, userId));
    const miscount = place && miscountOf(channel, place);
    return [
      ...problemsOf(channel, { userId, truth }).map((what) => finding("lost", what)),
      ...(miscount ? [finding("miscounted", miscount)] : []),
    ];
  });
}

function problemsOf(channel: HeldChannel, { userId, truth }: { userId: number; truth: Truth }): string[] {
  const problems: string[] = [];
  const check = (what: string, held: unknown, stored: unknown) => {
    if (held !== stored) problems.push(`${what} is ${held} here and ${stored} in the database`);
  };
  const place = truth.places.get(placeKey(channel.id, userId));
  check("the newest event", channel.headSeq, truth.streams.get(channel.id)?.length ?? 0);
  check("the role", channel.role, place?.role);
  check("the read marker", channel.readSeq, place?.readSeq);
  const stored = (truth.messages.get(channel.id) ?? []).filter(({ seq }) => seq > channel.floorSeq);
  const held = new Map(channel.messages.map((message) => [message.seq, message]));
  for (const message of stored) {
    const mine = held.get(message.seq);
    held.delete(message.seq);
    if (!mine) problems.push(`message ${message.seq} is not held`);
    else if (canonical(mine) !== canonical(message)) {
      problems.push(
        `message ${message.seq} is ${canonical(mine)} here and ${canonical(message)} in the database`,
      );
    }
  }
  for (const seq of held.keys()) problems.push(`message ${seq} is not in the database`);
  return problems;
}

/** Unread counts of a channel. While not everything unread is held, the client has an upper bound. */
function miscountOf(channel: HeldChannel, place: Place): string | undefined {
  const { floorSeq, readSeq, unread, mentions } = channel;
  if (floorSeq > readSeq || (unread === place.unread && mentions === place.mentions)) return undefined;
  return `${unread} unread with ${mentions} mentions here, ${place.unread} with ${place.mentions} in the database`;
}

function canonical(message: Folded): string {
  const { seq, authorId, timeMs, text, replyTo, mentionIds, mentionChannel, editedMs, deleted, pinned } =
    message;
  const reactions = message.reactions.map(({ emoji, userIds }) => [emoji, ...userIds]);
  return JSON.stringify([
    seq,
    authorId,
    timeMs,
    replyTo,
    mentionIds,
    mentionChannel,
    editedMs,
    deleted,
    pinned,
    reactions,
    text,
  ]);
}
