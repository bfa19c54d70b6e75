/** What the server says: replies, events and passing signals. @module */
import type { Event } from "./event.ts";
import type { Limits } from "./limits.ts";
import type {
  Channel,
  ChannelView,
  Invite,
  InviteState,
  Member,
  Message,
  PresenceState,
  Registration,
  ServerRole,
  Session,
  User,
} from "./model.ts";

export interface Presence {
  readonly userId: number;
  readonly state: PresenceState;
}

/** Result of a command, by the name that Reply in frame.proto gives it. */
export type Result =
  | {
    readonly case: "error";
    readonly value: {
      readonly code: number;
      readonly message: string;
      readonly retryAfterMs: number;
      /** By POST: the name of the request. */
      readonly requestId?: string;
    };
  }
  | { readonly case: "done"; readonly value: Record<never, never> }
  | {
    readonly case: "stored";
    readonly value: { readonly stream: number; readonly seq: number; readonly timeMs: number };
  }
  | { readonly case: "welcome"; readonly value: Welcome }
  | {
    readonly case: "serverInfo";
    readonly value: {
      readonly name: string;
      readonly version: string;
      readonly registration: Registration;
      readonly limits: WireLimits;
      readonly nameConfigured: boolean;
    };
  }
  | {
    readonly case: "sessionToken";
    readonly value: {
      readonly token: string;
      readonly user: User;
      readonly sessionId: number;
      readonly deviceCredential: string;
    };
  }
  | {
    readonly case: "sessionPage";
    readonly value: { readonly sessions: (Session & { readonly current: boolean })[] };
  }
  | { readonly case: "userPage"; readonly value: { readonly users: User[]; readonly more: boolean } }
  | { readonly case: "user"; readonly value: User }
  | { readonly case: "invite"; readonly value: Invite & { readonly code: string } }
  | {
    readonly case: "invitePage";
    readonly value: { readonly invites: (Invite & { readonly code: string })[]; readonly more: boolean };
  }
  | {
    readonly case: "inviteCheck";
    readonly value: {
      readonly state: InviteState;
      /** Empty when the invite is usable. */
      readonly reason: string;
      readonly role: ServerRole | 0;
      readonly firstOwner: boolean;
    };
  }
  | {
    readonly case: "lastSeenPage";
    readonly value: { readonly lastSeen: { readonly userId: number; readonly timeMs: number }[] };
  }
  | { readonly case: "channel"; readonly value: Channel }
  | { readonly case: "channelPage"; readonly value: { readonly channels: Channel[]; readonly more: boolean } }
  | { readonly case: "memberPage"; readonly value: { readonly members: Member[]; readonly more: boolean } }
  | {
    readonly case: "messagePage";
    readonly value: {
      readonly messages: Message[];
      readonly moreBefore: boolean;
      readonly moreAfter: boolean;
      readonly headSeq: number;
    };
  }
  | { readonly case: "presencePage"; readonly value: { readonly presences: Presence[] } };

export interface Welcome {
  readonly epoch: string;
  readonly user: User;
  readonly sessionId: number;
  readonly userHeadSeq: number;
  readonly serverHeadSeq: number;
  readonly channels: ChannelView[];
  readonly limits: WireLimits;
  readonly heartbeatMs: number;
  readonly version: string;
}

/** The limits that clients are told. */
export type WireLimits = Pick<
  Limits,
  | "messageBytes"
  | "frameBytes"
  | "frameCommands"
  | "commandsPerSecond"
  | "commandBurst"
  | "refusalsPerSecond"
  | "refusalBurst"
  | "handshakesPerUser"
  | "handshakeRefillMs"
  | "pageItems"
  | "replayEvents"
  | "watchedIds"
  | "passwordBytesMin"
  | "passwordBytesMax"
  | "storedMibPerDay"
  | "diskRoomBytes"
  | "newChannels"
  | "newChannelsPerHour"
  | "newDirects"
  | "newDirectsPerHour"
  | "newMembers"
  | "newMembersPerHour"
>;

/** One thing that the server says, by the name that Item in frame.proto gives it. */
export type ServerItem =
  | { readonly case: "reply"; readonly value: { readonly id: number; readonly result: Result } }
  | { readonly case: "event"; readonly value: Event }
  | { readonly case: "subscribed"; readonly value: ChannelView }
  | { readonly case: "reload"; readonly value: { readonly stream: number; readonly headSeq: number } }
  | { readonly case: "caughtUp"; readonly value: Record<never, never> }
  | { readonly case: "typing"; readonly value: { readonly channelId: number; readonly userId: number } }
  | { readonly case: "presence"; readonly value: Presence }
  | {
    readonly case: "goodbye";
    readonly value: { readonly code: number; readonly reason: string; readonly retryAfterMs: number };
  };

export const DONE: Result = { case: "done", value: {} };
