/**
 * The things that a Rookery server holds, as plain data. Field names equal
 * those of proto/rookery/v1/model.proto, so the wire needs no second mapping.
 * Times are milliseconds since 1970 UTC; ids are positive integers below 2^32.
 *
 * @module
 */

/** Stream of changes that everybody sees: accounts and server-wide settings. */
export const SERVER_STREAM = 1;

/** Actor of what the server itself or its operator does. */
export const SYSTEM_USER_ID = 0;

/** Role on the whole server; a higher number includes the lower ones. */
export const ServerRole = { MEMBER: 1, ADMIN: 2, OWNER: 3 } as const;
export type ServerRole = typeof ServerRole[keyof typeof ServerRole];

/** Role in one channel; a higher number includes the lower ones. */
export const ChannelRole = { MEMBER: 1, MODERATOR: 2, OWNER: 3 } as const;
export type ChannelRole = typeof ChannelRole[keyof typeof ChannelRole];

/** Who finds a channel and gets into it. */
export const ChannelKind = { PUBLIC: 1, PRIVATE: 2, DIRECT: 3 } as const;
export type ChannelKind = typeof ChannelKind[keyof typeof ChannelKind];

/** Who may create an account. */
export const Registration = { INVITE: 1, OPEN: 2, CLOSED: 3 } as const;
export type Registration = typeof Registration[keyof typeof Registration];

/** Whether an invite lets people in, or why not. */
export const InviteState = {
  USABLE: 1,
  /** The code was not made by this server. */
  UNKNOWN: 2,
  /** Taken back, or its maker could not make it any more. */
  REVOKED: 3,
  EXPIRED: 4,
  USED_UP: 5,
  /** It was for the first owner, and there is an owner. */
  OWNED: 6,
  /** The server takes no registrations. */
  CLOSED: 7,
} as const;
export type InviteState = typeof InviteState[keyof typeof InviteState];

/** What a server is called that nobody has given a name. */
export const DEFAULT_SERVER_NAME = "Rookery";

/** Name of the public channel that every new account joins. */
export const DEFAULT_CHANNEL = "general";

/** Why a membership ended. */
export const LeaveReason = { LEFT: 1, REMOVED: 2, BANNED: 3 } as const;
export type LeaveReason = typeof LeaveReason[keyof typeof LeaveReason];

/** Whether a user can be reached now, over all their devices. */
export const PresenceState = { ONLINE: 1, AWAY: 2, OFFLINE: 3 } as const;
export type PresenceState = typeof PresenceState[keyof typeof PresenceState];

export interface User {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  readonly role: ServerRole;
  readonly disabled: boolean;
}

export interface Channel {
  readonly id: number;
  readonly kind: ChannelKind;
  /** Empty for direct conversations. */
  readonly name: string;
  readonly topic: string;
  readonly archived: boolean;
  readonly creatorId: number;
  /** Ascending; empty unless the channel is a direct conversation. */
  readonly directUserIds: number[];
}

/** Somebody's place in a channel; a banned user has a place but no role. */
export interface Membership {
  readonly channelId: number;
  readonly userId: number;
  readonly role: ChannelRole;
  readonly banned: boolean;
  /** By somebody else, so that it takes none of the user's own places. */
  readonly added: boolean;
  /** The user has read up to this event. */
  readonly readSeq: number;
}

/** A channel with somebody's place in it. */
export interface JoinedChannel {
  readonly channel: Channel;
  readonly membership: Membership;
}

export interface Member {
  readonly userId: number;
  readonly role: ChannelRole;
}

export interface ChannelView {
  readonly channel: Channel;
  readonly role: ChannelRole;
  readonly headSeq: number;
  readonly readSeq: number;
  readonly unread: number;
  readonly mentions: number;
  /** When the newest event of a direct conversation was stored; 0 in other channels. */
  readonly headMs: number;
}

export interface Reaction {
  readonly emoji: string;
  readonly userIds: number[];
}

/** A message as it is now: edits and reactions applied. */
export interface Message {
  readonly channelId: number;
  readonly seq: number;
  readonly authorId: number;
  readonly timeMs: number;
  readonly text: string;
  readonly replyTo: number;
  readonly mentionIds: number[];
  readonly mentionChannel: boolean;
  readonly editedMs: number;
  readonly deleted: boolean;
  readonly reactions: Reaction[];
  readonly pinned: boolean;
}

/** A message that is pinned to its channel, by whom and when. */
export interface Pin {
  /** Number of the event that pinned it. */
  readonly seq: number;
  readonly userId: number;
  readonly timeMs: number;
  readonly message: Message;
}

/** What the rules need to know of a message before it is changed. */
export interface MessageFacts {
  readonly authorId: number;
  readonly deleted: boolean;
}

/** A device that is logged in, without its secret. */
export interface Session {
  readonly id: number;
  readonly userId: number;
  readonly device: string;
  readonly createdMs: number;
  readonly lastUsedMs: number;
}

/** A link that makes accounts; its secret is derived from the id. */
export interface Invite {
  readonly id: number;
  readonly role: ServerRole;
  readonly usesLeft: number;
  /** 0 for the link that claims a new server, which ends with its first owner. */
  readonly expiresMs: number;
  readonly creatorId: number;
  readonly channelIds: number[];
}

/** Who asks: a user through one session, or the operator of the machine. */
export interface Principal {
  readonly kind: "user" | "operator" | "nobody";
  readonly userId: number;
  readonly sessionId: number;
}

/** The operator of the machine: owner's rights without an account. */
export const OPERATOR: Principal = { kind: "operator", userId: SYSTEM_USER_ID, sessionId: 0 };
