/**
 * What the rules are decided on: committed facts, cached in front of the
 * store's reader, and an overlay of what a batch has decided but not stored.
 *
 * @module
 */
import type { DraftEvent, Event } from "../event.ts";
import {
  type Channel,
  type Invite,
  LeaveReason,
  type Member,
  type Membership,
  type MessageFacts,
  type Session,
  SYSTEM_USER_ID,
  type User,
} from "../model.ts";

/** Everything that a command may be decided on. */
export interface Facts {
  user(id: number): User | undefined;
  userByName(name: string): User | undefined;
  channel(id: number): Channel | undefined;
  /** The public channel of this name. */
  channelByName(name: string): Channel | undefined;
  /** Private channels of this name that the user is a member of. */
  privateChannels(userId: number, name: string): readonly Channel[];
  /** Direct conversations that the user has opened. */
  directsOpened(userId: number): number;
  directChannel(userIds: readonly number[]): Channel | undefined;
  /** Also a ban, which is a place in the channel without a role. */
  membership(channelId: number, userId: number): Membership | undefined;
  /** Channels that the user is a member of, direct conversations too. */
  channelIds(userId: number): number[];
  /** Without direct conversations, those that the user was added to by others or the rest. */
  channelCount(userId: number, places: { readonly added: boolean }): number;
  /** Channels that the user has made and that are no direct conversations; all of them, since none ever goes. */
  channelsMade(userId: number): number;
  /** Every member, ascending by user id. Reads all of them: ask seldom. */
  members(channelId: number): Member[];
  /** Whether a member fits; reads no more than it takes to find one. */
  someMember(channelId: number, fits: (userId: number) => boolean): boolean;
  /** Members with an owner's role. */
  channelOwners(channelId: number): number[];
  messageFacts(channelId: number, seq: number): MessageFacts | undefined;
  reactionFacts(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string },
  ): { mine: boolean; total: number };
  /** Whether the message is pinned to its channel. */
  pinned(channelId: number, messageSeq: number): boolean;
  pinCount(channelId: number): number;
  passwordHash(userId: number): string | undefined;
  sessionsOf(userId: number): readonly Session[];
  hasSession(sessionId: number): boolean;
  invite(id: number): Invite | undefined;
  ownerCount(): number;
  /** Name that an owner gave the server; empty without one. */
  serverName(): string;
}

/** Where an event leaves its traces. */
export interface FactSink {
  putUser(user: User): void;
  putChannel(channel: Channel): void;
  putMembership(membership: Membership): void;
  dropMembership(channelId: number, userId: number): void;
  putSession(session: Session, tokenHash: string): void;
  dropSession(userId: number, sessionId: number): void;
  putPasswordHash(userId: number, hash: string): void;
  putServerName(name: string): void;
  putInvite(invite: Invite): void;
  dropInvite(inviteId: number): void;
  dropMessage(channelId: number, seq: number): void;
  putReaction(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string; mine: boolean },
  ): void;
  putPin(channelId: number, messageSeq: number, pinned: boolean): void;
}

/** When and by whom; a draft has no seq yet. */
export type Stamp = Pick<Event, "seq" | "timeMs" | "actorId">;

/** Whether somebody else makes the user a member; what the server does, when an account is made, is nobody's doing. */
export function isAdded(userId: number, actorId: number): boolean {
  return actorId !== userId && actorId !== SYSTEM_USER_ID;
}

/** Writes what an event changes into a sink. */
export function applyEvent(sink: FactSink & Facts, event: DraftEvent, stamp: Stamp): void {
  const { stream, body } = event;
  switch (body.case) {
    case "userAdded":
    case "userUpdated":
      return sink.putUser(body.value.user);
    case "channelCreated":
    case "channelUpdated":
      return sink.putChannel(body.value.channel);
    case "memberJoined": {
      const { userId, role } = body.value;
      const added = isAdded(userId, stamp.actorId);
      return sink.putMembership({
        channelId: stream,
        userId,
        role,
        banned: false,
        added,
        readSeq: stamp.seq,
      });
    }
    case "memberRoleChanged": {
      const member = sink.membership(stream, body.value.userId);
      return member && sink.putMembership({ ...member, role: body.value.role });
    }
    case "memberLeft": {
      const { userId, reason } = body.value;
      return reason === LeaveReason.BANNED
        ? sink.putMembership({ channelId: stream, userId, role: 1, banned: true, added: false, readSeq: 0 })
        : sink.dropMembership(stream, userId);
    }
    case "memberUnbanned":
      return sink.dropMembership(stream, body.value.userId);
    case "readMoved": {
      const member = sink.membership(body.value.channelId, stream);
      return member && sink.putMembership({ ...member, readSeq: Math.max(member.readSeq, body.value.seq) });
    }
    case "sessionStarted": {
      const { sessionId, device, tokenHash } = body.value;
      const { timeMs } = stamp;
      return sink.putSession(
        { id: sessionId, userId: stream, device, createdMs: timeMs, lastUsedMs: timeMs },
        tokenHash,
      );
    }
    case "sessionEnded":
      return sink.dropSession(stream, body.value.sessionId);
    case "passwordChanged":
      return sink.putPasswordHash(stream, body.value.passwordHash);
    case "inviteCreated":
      return sink.putInvite(body.value.invite);
    case "inviteUsed": {
      const invite = sink.invite(body.value.inviteId);
      return invite && sink.putInvite({ ...invite, usesLeft: Math.max(0, invite.usesLeft - 1) });
    }
    case "inviteRevoked":
      return sink.dropInvite(body.value.inviteId);
    case "serverUpdated":
      return sink.putServerName(body.value.name);
    case "messageDeleted":
      return sink.dropMessage(stream, body.value.messageSeq);
    case "reactionAdded":
    case "reactionRemoved": {
      const reaction = {
        userId: stamp.actorId,
        emoji: body.value.emoji,
        mine: body.case === "reactionAdded",
      };
      return sink.putReaction(stream, body.value.messageSeq, reaction);
    }
    case "messagePinned":
    case "messageUnpinned":
      return sink.putPin(stream, body.value.messageSeq, body.case === "messagePinned");
    case "messageSent":
    case "messageEdited":
    case "channelGained":
    case "channelLost":
      return;
    default:
      return body satisfies never;
  }
}
