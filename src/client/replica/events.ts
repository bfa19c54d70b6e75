/** What a replica tells, and what it counts. @module */
import type { Event, PresenceState, User } from "../../wire/client_codec.ts";
import type { ChannelState, MessageChange } from "./channel.ts";

/** What happened since the replica was made. */
export interface ReplicaStats {
  /** Events applied. */
  events: number;
  /** Events that were held already. */
  doubled: number;
  /** Times that an event was missing. */
  gaps: number;
  /** Streams that had to be loaded again. */
  reloads: number;
  /** Events of streams that are not held, for instance of a channel just left. */
  strays: number;
}

/** What changed of a channel. */
export interface ChannelChange {
  readonly channelId: number;
  readonly change: "gained" | "lost" | "updated" | "members" | "unread" | "read";
  /** Undefined when it is lost. */
  readonly state: ChannelState | undefined;
}

/** What listeners of a replica hear, by name. */
export interface ReplicaEvents {
  /** An event was applied. */
  event: Event;
  /** A message came or is another one now. */
  message: MessageChange & { readonly event: Event };
  channel: ChannelChange;
  /** Users typing in a channel now. */
  typing: { readonly channelId: number; readonly userIds: readonly number[] };
  presence: { readonly userId: number; readonly state: PresenceState };
  /** A user is new or changed. */
  user: User;
  /** What was held of a stream is gone: fetch what you show. */
  reload: { readonly stream: number; readonly headSeq: number };
}

/** Where a client stands: what it gives the server to continue. */
export interface ResumePoint {
  readonly epoch: string;
  readonly cursors: readonly { readonly stream: number; readonly seq: number }[];
}
