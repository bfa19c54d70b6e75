/** Rows of the log back into events. @module */
import { canonicalEmoji } from "../../text/emoji.ts";
import type { Event, EventBody } from "../../chat/event.ts";
import type { Channel, ChannelRole, Invite, LeaveReason, User } from "../../chat/model.ts";
import type { MessageText } from "../../chat/event.ts";
import { KIND, TOMBSTONE } from "./kind.ts";
import { unpackMentions } from "./mentions.ts";

/** Columns of a row of the log, in the order in which {@link EVENT_COLUMNS} selects them. */
export type EventRow = [
  stream: number,
  seq: number,
  timeMs: number,
  actor: number,
  kind: number,
  target: number,
  text: string | null,
  extra: string | number | null,
];

export const EVENT_COLUMNS = "stream, seq, time_ms, actor, kind, target, text, extra";

/** What an event needs that its row does not hold. */
export interface Lookups {
  /** Text and mentions of a message as they are now; empty when it is gone. */
  presentText(channelId: number, seq: number): MessageText;
  /** The invite as it is now, whether revoked or not. */
  anyInvite(id: number): Invite;
}

export function eventOf(row: EventRow, lookups: Lookups): Event {
  const [stream, seq, timeMs, actorId] = row;
  return { stream, seq, timeMs, actorId, body: bodyOf(row, lookups) };
}

/** Text and mentions that a row of a message holds. */
export function messageTextOf(text: string | null, extra: unknown): MessageText {
  return { text: text ?? "", ...unpackMentions(extra) };
}

/** However it was stored, all are shown one spelling. */
function emojiOf(text: string | null): string {
  return canonicalEmoji(text ?? "") ?? text ?? "";
}

function bodyOf(row: EventRow, lookups: Lookups): EventBody {
  const [stream, , , , kind, target, text, extra] = row;
  switch (kind) {
    case TOMBSTONE:
    case KIND.messageSent:
      return { case: "messageSent", value: { ...messageTextOf(text, extra), replyTo: target } };
    case KIND.messageEdited:
      return { case: "messageEdited", value: { messageSeq: target, ...lookups.presentText(stream, target) } };
    case KIND.messageDeleted:
      return { case: "messageDeleted", value: { messageSeq: target } };
    case KIND.reactionAdded:
      return { case: "reactionAdded", value: { messageSeq: target, emoji: emojiOf(text) } };
    case KIND.reactionRemoved:
      return { case: "reactionRemoved", value: { messageSeq: target, emoji: emojiOf(text) } };
    case KIND.channelCreated:
      return { case: "channelCreated", value: { channel: JSON.parse(extra as string) as Channel } };
    case KIND.channelUpdated:
      return { case: "channelUpdated", value: { channel: JSON.parse(extra as string) as Channel } };
    case KIND.memberJoined:
      return { case: "memberJoined", value: { userId: target, role: extra as ChannelRole } };
    case KIND.memberLeft:
      return { case: "memberLeft", value: { userId: target, reason: extra as LeaveReason } };
    case KIND.memberRoleChanged:
      return { case: "memberRoleChanged", value: { userId: target, role: extra as ChannelRole } };
    case KIND.memberUnbanned:
      return { case: "memberUnbanned", value: { userId: target } };
    default:
      return accountBodyOf(row, lookups);
  }
}

function accountBodyOf(row: EventRow, lookups: Lookups): EventBody {
  const [stream, seq, , , kind, target, text, extra] = row;
  switch (kind) {
    case KIND.channelGained:
      return { case: "channelGained", value: { channelId: target, role: extra as ChannelRole } };
    case KIND.channelLost:
      return { case: "channelLost", value: { channelId: target, reason: extra as LeaveReason } };
    case KIND.readMoved:
      return { case: "readMoved", value: { channelId: target, seq: extra as number } };
    case KIND.sessionStarted:
      return { case: "sessionStarted", value: { sessionId: target, device: text ?? "", tokenHash: "" } };
    case KIND.sessionEnded:
      return { case: "sessionEnded", value: { sessionId: target } };
    case KIND.passwordChanged:
      return { case: "passwordChanged", value: { passwordHash: "" } };
    case KIND.userAdded:
      return { case: "userAdded", value: { user: JSON.parse(extra as string) as User } };
    case KIND.userUpdated:
      return { case: "userUpdated", value: { user: JSON.parse(extra as string) as User } };
    case KIND.inviteCreated:
      return { case: "inviteCreated", value: { inviteId: target, invite: lookups.anyInvite(target) } };
    case KIND.inviteRevoked:
      return { case: "inviteRevoked", value: { inviteId: target } };
    case KIND.inviteUsed:
      return { case: "inviteUsed", value: { inviteId: target, creatorId: (extra ?? 0) as number } };
    case KIND.serverUpdated:
      return { case: "serverUpdated", value: { name: text ?? "" } };
    default:
      throw new Error(`Event ${seq} of stream ${stream} has the unknown kind ${kind}`);
  }
}
