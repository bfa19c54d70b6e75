/**
 * Durable changes. Everything that lasts is an event in a stream, and every
 * table of the store is a projection of events.
 *
 * Fields marked private are stored but never leave the server; the wire's
 * schema has no place for them.
 *
 * @module
 */
import type { Channel, ChannelRole, Invite, LeaveReason, User } from "./model.ts";

export interface MessageText {
  readonly text: string;
  readonly mentionIds: number[];
  readonly mentionChannel: boolean;
}

/** What happened, by the name that proto/rookery/v1/event.proto gives it. */
export type EventBody =
  | { readonly case: "messageSent"; readonly value: MessageText & { readonly replyTo: number } }
  | { readonly case: "messageEdited"; readonly value: MessageText & { readonly messageSeq: number } }
  | { readonly case: "messageDeleted"; readonly value: { readonly messageSeq: number } }
  | {
    readonly case: "reactionAdded";
    readonly value: { readonly messageSeq: number; readonly emoji: string };
  }
  | {
    readonly case: "reactionRemoved";
    readonly value: { readonly messageSeq: number; readonly emoji: string };
  }
  | { readonly case: "messagePinned"; readonly value: { readonly messageSeq: number } }
  | { readonly case: "messageUnpinned"; readonly value: { readonly messageSeq: number } }
  | { readonly case: "channelCreated"; readonly value: { readonly channel: Channel } }
  | { readonly case: "channelUpdated"; readonly value: { readonly channel: Channel } }
  | { readonly case: "memberJoined"; readonly value: { readonly userId: number; readonly role: ChannelRole } }
  | { readonly case: "memberLeft"; readonly value: { readonly userId: number; readonly reason: LeaveReason } }
  | {
    readonly case: "memberRoleChanged";
    readonly value: { readonly userId: number; readonly role: ChannelRole };
  }
  | { readonly case: "memberUnbanned"; readonly value: { readonly userId: number } }
  | {
    readonly case: "channelGained";
    readonly value: { readonly channelId: number; readonly role: ChannelRole };
  }
  | {
    readonly case: "channelLost";
    readonly value: { readonly channelId: number; readonly reason: LeaveReason };
  }
  | { readonly case: "readMoved"; readonly value: { readonly channelId: number; readonly seq: number } }
  | {
    readonly case: "sessionStarted";
    /** tokenHash is private: SHA-256 of the session's token, hex. */
    readonly value: { readonly sessionId: number; readonly device: string; readonly tokenHash: string };
  }
  | { readonly case: "sessionEnded"; readonly value: { readonly sessionId: number } }
  /** passwordHash is private: what the password workers made of the password. */
  | { readonly case: "passwordChanged"; readonly value: { readonly passwordHash: string } }
  | { readonly case: "userAdded"; readonly value: { readonly user: User } }
  | { readonly case: "userUpdated"; readonly value: { readonly user: User } }
  /** invite is private: only admins see it, by listing invites. */
  | { readonly case: "inviteCreated"; readonly value: { readonly inviteId: number; readonly invite: Invite } }
  | { readonly case: "inviteRevoked"; readonly value: { readonly inviteId: number } }
  | {
    readonly case: "inviteUsed";
    readonly value: { readonly inviteId: number; readonly creatorId: number };
  }
  /** Empty for the program's own name. */
  | { readonly case: "serverUpdated"; readonly value: { readonly name: string } };

export type EventCase = EventBody["case"];

/** A change that has been decided and not been stored. */
export interface DraftEvent {
  readonly stream: number;
  readonly body: EventBody;
}

/** A change as the store holds it: `seq` is 1, 2, 3 … within its stream. */
export interface Event extends DraftEvent {
  readonly seq: number;
  readonly timeMs: number;
  readonly actorId: number;
}
