/**
 * What the core needs from the world. Adapters implement these; the core calls
 * nothing else. Readers are synchronous and see committed data only.
 *
 * @module
 */
import type { DraftEvent, Event } from "./event.ts";
import type { LogEvent } from "./log_event.ts";
import type { ServerItem } from "./reply.ts";
import type { Channel, Invite, Member, Membership, Message, MessageFacts, Session, User } from "./model.ts";

/** One command's durable changes: all of them are stored, or none. */
export interface Draft {
  readonly actorId: number;
  /** Client's own name for the command, unique for the actor; empty when it gave none. */
  readonly key: string;
  /** At least one; the first is the one that a retry finds again. */
  readonly events: readonly DraftEvent[];
}

/** What became of a draft. Failing drafts do not harm their neighbours in the batch. */
export type Outcome =
  | { readonly status: "stored"; readonly events: readonly Event[] }
  /** The key was used before; `first` is the event that was stored then. */
  | { readonly status: "duplicate"; readonly first: Event }
  /** The store refused this draft; the others went on. */
  | { readonly status: "failed"; readonly error: Error };

/** The only way to change anything. One batch at a time; an outcome per draft, in order. */
export interface EventWriter {
  /**
   * Stores the batch in one transaction and stamps `seq` and `timeMs`.
   * Resolves after the commit is on disk. Rejects with {@link StoreFailure}
   * when nothing of the batch was stored.
   */
  commit(batch: readonly Draft[]): Promise<Outcome[]>;
  /** Remembers when sessions were last used; may be lost in a crash. */
  touchSessions(lastUsed: ReadonlyMap<number, number>): void;
}

/** Nothing of a batch was stored. */
export class StoreFailure extends Error {
  override readonly name = "StoreFailure";
}

export interface EventReader {
  /** Newest seq of a stream; 0 when it has no events. */
  head(stream: number): number;
  /** Events with after < seq <= upTo, ascending, at most `limit`. Messages carry their present text. */
  events(stream: number, range: { after: number; upTo: number; limit: number }): Event[];
  /** First event stored under this key of this actor. */
  findByKey(actorId: number, key: string): Event | undefined;
}

/** Where a page of history lies. Without a position it is the newest page. */
export type HistoryPosition = { readonly before: number } | { readonly after: number };

export interface MessageReader {
  /** Up to `limit` messages next to the position, oldest first. */
  history(channelId: number, limit: number, position?: HistoryPosition): Message[];
  messageFacts(channelId: number, seq: number): MessageFacts | undefined;
  /** Whether the user has put this emoji there, and how many different reactions the message has. */
  reactionFacts(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string },
  ): { mine: boolean; total: number };
  /** Messages of others after `afterSeq` and up to `upToSeq`, and those that mention the user, each counted up to `limit`. */
  unread(
    channelId: number,
    userId: number,
    count: { afterSeq: number; upToSeq: number; limit: number },
  ): { unread: number; mentions: number };
}

export interface MembershipReader {
  membership(channelId: number, userId: number): Membership | undefined;
  /** Channels of a user, bans left out. */
  membershipsOf(userId: number): Membership[];
  /** A page by user id; `banned` asks for the banned instead of the members. */
  members(channelId: number, page: { after: number; limit: number; banned: boolean }): Member[];
  /** Members with an owner's role, ascending. */
  channelOwners(channelId: number): number[];
  /** Channels of a user that are no direct conversations, bans left out. */
  channelCount(userId: number): number;
}

/** A page of a listing by name. */
export interface NamePage {
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
}

export interface DirectoryReader {
  user(id: number): User | undefined;
  userByName(name: string): User | undefined;
  users(page: NamePage): User[];
  channel(id: number): Channel | undefined;
  /** The public channel of this name. */
  channelByName(name: string): Channel | undefined;
  /** Private channels of this name that the user is a member of, ascending by id. */
  privateChannels(userId: number, name: string): Channel[];
  /** Direct conversations that the user has opened. */
  directsOpened(userId: number): number;
  /** The conversation of exactly these users; ids ascending. */
  directChannel(userIds: readonly number[]): Channel | undefined;
  publicChannels(page: NamePage & { includeArchived: boolean }): Channel[];
}

export interface AccountReader {
  passwordHash(userId: number): string | undefined;
  sessionByTokenHash(tokenHash: string): Session | undefined;
  /** Newest first. */
  sessionsOf(userId: number): Session[];
  invite(id: number): Invite | undefined;
  /**
   * Invites that were not revoked, have uses left and end after `nowMs` or never, newest first; `after` is the number of
   * the last one of the page before, 0 without.
   */
  invites(page: { after: number; limit: number; nowMs: number }): Invite[];
  /** Users that are owners and not disabled. */
  ownerCount(): number;
}

/** Facts of the data folder as a whole. */
export interface StoreFacts {
  /** Random name of this history; another one after a restore. */
  readonly epoch: string;
  /** Highest id ever given to a user, channel, session or invite; at least 1. */
  maxId(): number;
}

/** Everything that can be read. */
export interface StoreReader
  extends EventReader, MessageReader, MembershipReader, DirectoryReader, AccountReader, StoreFacts {}

/** Passwords, off the message loop. Both reject with ChatError resource_exhausted when too many wait. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** An absent hash costs the same time and is never right. */
  verify(
    password: string,
    hash: string | undefined,
  ): Promise<{ readonly ok: boolean; readonly outdated: boolean }>;
}

/** Session secrets and invite codes. */
export interface Secrets {
  newToken(): { readonly token: string; readonly tokenHash: string };
  hashToken(token: string): string;
  inviteCode(inviteId: number): string;
  /** Id of the invite that the code was made for; undefined for anything else. */
  readInviteCode(code: string): number | undefined;
}

/** One attempt to get in; without a name it counts for its address alone. */
export interface Attempt {
  readonly name?: string;
  readonly address: string;
}

/** Attempts at getting in, counted before any password is hashed or invite code is read. */
export interface LoginThrottle {
  /** Throws ChatError resource_exhausted with the time to wait. */
  admit(attempt: Attempt): void;
  /** It was no guess: the attempt counts no more. */
  withdrawn(attempt: Attempt): void;
  /** A right password forgets the account's failures. */
  succeeded(attempt: Attempt & { readonly name: string }): void;
}

export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Calls back once after about this long; the result cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** The loop that everything runs in. */
export interface Loop {
  /** Calls back once when input that waits has been taken in; the result cancels it. */
  soon(callback: () => void): () => void;
}

/** Bytes or text of one or more encoded items, shared by all who receive them. */
export interface Chunk {
  readonly byteLength: number;
}

/** Encodes for one wire format. */
export interface ItemEncoder {
  encode(item: ServerItem): Chunk;
  join(chunks: readonly Chunk[]): Chunk;
}

/** The core's whole picture of a socket. */
export interface Outlet {
  /** Which encoder its chunks come from. */
  readonly format: number;
  /** Whether there is room for more. */
  readonly ready: boolean;
  /** Takes a chunk for sending, in any case; false when there is no room for another. */
  send(chunk: Chunk): boolean;
  /** Ends the connection, saying why. Nothing is sent afterwards. */
  close(code: number, reason: string): void;
}

/** Where is reported what the operator should know. */
export interface Log {
  /** Reports one event with what belongs to it; level and words stand in the table of events. Never throws. */
  report(event: LogEvent, fields?: Readonly<Record<string, unknown>>): void;
  /** Whether the event would be written; asked before fields are made that cost something. */
  reports(event: LogEvent): boolean;
}
