/** The log and the messages, read from the twin's tables. @module */
import type { Event, EventBody } from "../../../src/chat/event.ts";
import type { Message, Pin } from "../../../src/chat/model.ts";
import type { HistoryPosition } from "../../../src/chat/ports.ts";
import type { MessageEntry, Tables } from "./tables.ts";

/** The event as a replay gives it: present texts, and no secrets. */
export function replayed(tables: Tables, event: Event): Event {
  return { ...event, body: replayedBody(tables, event) };
}

function replayedBody(tables: Tables, { stream, seq, body }: Event): EventBody {
  switch (body.case) {
    case "messageSent":
      return { case: body.case, value: { ...presentText(tables, stream, seq), replyTo: body.value.replyTo } };
    case "messageEdited": {
      const { messageSeq } = body.value;
      return { case: body.case, value: { messageSeq, ...presentText(tables, stream, messageSeq) } };
    }
    case "sessionStarted":
      return { case: body.case, value: { ...body.value, tokenHash: "" } };
    case "passwordChanged":
      return { case: body.case, value: { passwordHash: "" } };
    case "inviteCreated": {
      const { inviteId } = body.value;
      return { case: body.case, value: { inviteId, invite: tables.invites.get(inviteId)! } };
    }
    default:
      return body;
  }
}

function presentText(tables: Tables, channelId: number, seq: number) {
  const message = tables.messages.get(channelId)?.get(seq)?.message;
  return {
    text: message?.text ?? "",
    mentionIds: message?.mentionIds ?? [],
    mentionChannel: message?.mentionChannel ?? false,
  };
}

export function historyOf(
  tables: Tables,
  channelId: number,
  limit: number,
  position: HistoryPosition | undefined,
): Message[] {
  const forward = position !== undefined && "after" in position;
  const found: Message[] = [];
  for (const entry of entriesFrom(tables, channelId, position)) {
    if (found.length >= limit) break;
    const pinned = tables.pins.get(channelId)?.has(entry.message.seq) ?? false;
    found.push({ ...entry.message, reactions: [...entry.reactions], pinned });
  }
  return forward ? found : found.reverse();
}

/** Messages away from the position: upwards for `after`, else downwards. */
function* entriesFrom(
  tables: Tables,
  channelId: number,
  position: HistoryPosition | undefined,
): Generator<MessageEntry> {
  const messages = tables.messages.get(channelId);
  const head = tables.streams.get(channelId)?.length ?? 0;
  if (!messages) return;
  const forward = position !== undefined && "after" in position;
  const first = forward
    ? Math.max(position.after, 0) + 1
    : Math.min(position?.before ?? Infinity, head + 1) - 1;
  for (let seq = first; seq >= 1 && seq <= head; seq += forward ? 1 : -1) {
    const entry = messages.get(seq);
    if (entry) yield entry;
  }
}

export function pinsOf(
  tables: Tables,
  channelId: number,
  { before, limit }: { before: number; limit: number },
): Pin[] {
  return [...tables.pins.get(channelId) ?? []]
    .filter(([, { seq }]) => before === 0 || seq < before)
    .sort(([, a], [, b]) => b.seq - a.seq)
    .slice(0, limit)
    .map(([messageSeq, pin]) => ({
      ...pin,
      message: historyOf(tables, channelId, 1, { after: messageSeq - 1 })[0]!,
    }));
}

export function countUnread(
  tables: Tables,
  channelId: number,
  userId: number,
  { afterSeq, upToSeq, limit }: { afterSeq: number; upToSeq: number; limit: number },
): { unread: number; mentions: number } {
  let unread = 0;
  let mentions = 0;
  for (const { message } of entriesFrom(tables, channelId, { after: afterSeq })) {
    if (message.seq > upToSeq) break;
    if (message.deleted || message.authorId === userId) continue;
    unread++;
    if (message.mentionChannel || message.mentionIds.includes(userId)) mentions++;
  }
  return { unread: Math.min(unread, limit), mentions: Math.min(mentions, limit) };
}
