/** A database in which every table and every kind of event has something. @module */
import { ChannelKind, ChannelRole, LeaveReason, SERVER_STREAM, ServerRole } from "../../src/chat/model.ts";
import type { SqliteStore } from "../../src/store/mod.ts";
import {
  ANN,
  BOB,
  CHANNEL,
  channel,
  draft,
  edit,
  event,
  inChannel,
  invite,
  keyed,
  message,
  put,
  user,
} from "./drafts.ts";

export const CAT = 4;
export const DIRECT = 101;

/** Numbers of the messages in {@link CHANNEL} that tests damage. */
export const AT = { plain: 5, mentioning: 6, edited: 7, deleted: 8 } as const;

export async function furnish(store: SqliteStore): Promise<void> {
  const { MEMBER, OWNER } = ChannelRole;
  await put(
    store,
    draft(0, event(SERVER_STREAM, "userAdded", { user: user(ANN, "ann", { role: ServerRole.OWNER }) })),
    draft(0, event(ANN, "passwordChanged", { passwordHash: "x" })),
    draft(ANN, event(SERVER_STREAM, "userAdded", { user: user(BOB, "bob") })),
    draft(ANN, event(SERVER_STREAM, "userAdded", { user: user(CAT, "cat") })),
    draft(ANN, event(SERVER_STREAM, "userUpdated", { user: user(CAT, "cat", { disabled: true }) })),
    draft(
      ANN,
      inChannel("channelCreated", { channel: channel(CHANNEL, "general") }),
      inChannel("memberJoined", { userId: ANN, role: OWNER }),
      event(ANN, "channelGained", { channelId: CHANNEL, role: OWNER }),
    ),
    draft(BOB, inChannel("memberJoined", { userId: BOB, role: MEMBER })),
    draft(CAT, inChannel("memberJoined", { userId: CAT, role: MEMBER })),
  );
  await put(
    store,
    keyed(ANN, "first", message("Hello")),
    keyed(ANN, "second", message("Hello @bob", { mentionIds: [BOB] })),
    keyed(BOB, "third", message("Helo @channel", { mentionChannel: true })),
    keyed(BOB, "fourth", message("Nobody shall read this @ann", { mentionIds: [ANN] })),
    draft(BOB, inChannel("reactionAdded", { messageSeq: AT.plain, emoji: "👍" })),
    draft(ANN, inChannel("reactionAdded", { messageSeq: AT.plain, emoji: "👍" })),
    draft(ANN, inChannel("reactionRemoved", { messageSeq: AT.plain, emoji: "👍" })),
    draft(ANN, inChannel("reactionAdded", { messageSeq: AT.deleted, emoji: "👎" })),
    draft(BOB, edit(AT.edited, "Hello @ann", [ANN])),
    draft(BOB, inChannel("messageDeleted", { messageSeq: AT.deleted })),
    draft(BOB, event(BOB, "readMoved", { channelId: CHANNEL, seq: AT.edited })),
    draft(ANN, inChannel("memberRoleChanged", { userId: BOB, role: ChannelRole.MODERATOR })),
    draft(ANN, inChannel("memberLeft", { userId: CAT, reason: LeaveReason.BANNED })),
    draft(ANN, inChannel("memberUnbanned", { userId: CAT })),
    draft(CAT, inChannel("memberJoined", { userId: CAT, role: MEMBER })),
    draft(ANN, inChannel("memberLeft", { userId: CAT, reason: LeaveReason.BANNED })),
  );
  const direct = channel(DIRECT, "", { kind: ChannelKind.DIRECT, directUserIds: [ANN, BOB] });
  await put(
    store,
    draft(ANN, event(DIRECT, "channelCreated", { channel: direct })),
    draft(ANN, inChannel("channelUpdated", { channel: channel(CHANNEL, "general", { topic: "All" }) })),
    draft(BOB, event(BOB, "sessionStarted", { sessionId: 110, device: "phone", tokenHash: "a" })),
    draft(BOB, event(BOB, "sessionStarted", { sessionId: 111, device: "desk", tokenHash: "b" })),
    draft(BOB, event(BOB, "sessionEnded", { sessionId: 110 })),
    draft(ANN, event(SERVER_STREAM, "inviteCreated", { inviteId: 120, invite: invite(120) })),
    draft(ANN, event(SERVER_STREAM, "inviteUsed", { inviteId: 120, creatorId: ANN })),
    draft(ANN, event(SERVER_STREAM, "inviteRevoked", { inviteId: 120 })),
    draft(ANN, event(SERVER_STREAM, "serverUpdated", { name: "Nests" })),
    draft(ANN, event(SERVER_STREAM, "serverUpdated", { name: "Nest" })),
  );
}
