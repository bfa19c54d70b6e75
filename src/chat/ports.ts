/**
 * What the core needs from the world. Adapters implement these; the core calls
 * nothing else. Readers are synchronous and see committed data only.
 *
 * @module
 */
import type { KeptAllowances } from "./allowances.ts";
import type { DraftEvent, Event } from "./event.ts";
import type { LogEvent } from "./log_event.ts";
import type { ServerItem } from "./reply.ts";
import type {
  Channel,
  Invite,
  JoinedChannel,
  Member,
  Membership,
  Message,
  MessageFacts,
  Pin,
  Session,
  User,
} from "./model.ts";

/** One command's durable changes: all of them are stored, or none. */
export interface Draft {
  readonly actorId: number;
  /** Client's own name for the command, unique for the actor; empty when it gave none. */
  readonly key: string;
  /** What the command said, as {@link Secrets.fingerprint} has it; absent without a key. */
  readonly fingerprint?: number | undefined;
  /** At least one; the first is the one that a retry finds again. */
  readonly events: readonly DraftEvent[];
}

/** First event of a command that had a key, with the fingerprint that stands there; a deleted message has none. */
export interface KeyedEvent extends Event {
  readonly fingerprint?: number;
}

/** What became of a draft. Failing drafts do not harm their neighbours in the batch. */
export type Outcome =
  | { readonly status: "stored"; readonly events: readonly Event[] }
  /** The key was used before; `first` is the event that was stored then. */
  | { readonly status: "duplicate"; readonly first: KeyedEvent }
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

/** The disk below the event log. */
export interface DiskReserve {
  /** Why nothing new is to be stored; undefined while there is room. */
  readonly low: string | undefined;
  /** While there is little room: takes bytes of what may be written all the same; false when not as many are left. */
  take(bytes: number): boolean;
}

/** Keeps what is spent for the process that serves next. */
export interface AllowanceStore {
  /** What was kept last. */
  read(): KeptAllowances | undefined;
  /** Resolves in any case: what cannot be kept is only reported. */
  write(kept: KeptAllowances): Promise<void>;
}

export interface EventReader {
  /** Newest seq of a stream; 0 when it has no events. */
  head(stream: number): number;
  /** Newest seq of each stream, in the same order, by one statement. */
  heads(streams: readonly number[]): number[];
  /** Events with after < seq <= upTo, ascending, at most `limit`. Messages carry their present text. */
  events(stream: number, range: { after: number; upTo: number; limit: number }): Event[];
  /** First event stored under this key of this actor. */
  findByKey(actorId: number, key: string): KeyedEvent | undefined;
}

/** One event of the log, with its place in the order in which everything was committed. */
export interface LoggedChange {
  /** 1, 2, 3 … over all streams, without gaps. */
  readonly position: number;
  /** Messages and edits carry the message's present text, which is empty once it is deleted. */
  readonly event: Event;
  /** The message that an edit or a deletion is about. */
  readonly message?: { readonly position: number; readonly authorId: number } | undefined;
}

/** How far a follower's effects reach. */
export interface FollowerCursor {
  /** Epoch of the log. */
  readonly epoch: string;
  /** Position of the last change whose effects are there; 0 before the first. */
  readonly position: number;
  /** What stands in the log at that position: another log of the same epoch is noticed by it. */
  readonly mark: string;
}

/** A consumer of the log. It gets committed changes in the order of their positions, each at least once. */
export interface Follower extends Disposable {
  /** Kept with the effects; undefined when there are none, or those of another version. */
  readonly cursor: FollowerCursor | undefined;
  /** Drops all effects, to begin anew at the cursor. */
  clear(cursor: FollowerCursor): void;
  /** Takes the next changes. Their effects and the cursor are kept together or not at all. */
  take(changes: readonly LoggedChange[], cursor: FollowerCursor): void | Promise<void>;
  /** One short step of upkeep while nothing comes; milliseconds until the next one, undefined when nothing is left to do. */
  rest?(): number | undefined;
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
  /** Whether the message is pinned to its channel. */
  pinned(channelId: number, messageSeq: number): boolean;
  pinCount(channelId: number): number;
  /** The newest pins, those before the event `before` unless it is 0; each message is read when it is asked for. */
  pins(channelId: number, page: { before: number; limit: number }): Iterable<Pin>;
  /** Messages of others after `afterSeq` and up to `upToSeq`, and those that mention the user, each counted up to `limit`. */
  unread(
    channelId: number,
    userId: number,
    count: { afterSeq: number; upToSeq: number; limit: number },
  ): { unread: number; mentions: number };
}

export interface MembershipReader {
  membership(channelId: number, userId: number): Membership | undefined;
  /** Channels of a user ascending by id, bans left out, by one statement. */
  channelsOf(userId: number): JoinedChannel[];
  /** A page by user id; `banned` asks for the banned instead of the members. */
  members(channelId: number, page: { after: number; limit: number; banned: boolean }): Member[];
  /** Members with an owner's role, ascending. */
  channelOwners(channelId: number): number[];
  /** Channels of a user that are no direct conversations, bans left out: those that others added the user to, or the rest. */
  channelCount(userId: number, places: { readonly added: boolean }): number;
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
  /** Channels that are no direct conversations, by who made them. */
  channelsMade(userId: number): number;
  /** The conversation of exactly these users; ids ascending. */
  directChannel(userIds: readonly number[]): Channel | undefined;
  publicChannels(page: NamePage & { includeArchived: boolean }): Channel[];
  /** Name that an owner gave the server; empty without one. */
  serverName(): string;
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

/** What reading has come to, for those who pay for it. */
export interface WorkReader {
  /** Work since the start: 1 for each statement, a quarter for each row; it only grows. */
  readonly work: number;
}

/** Everything that can be read. */
export interface StoreReader
  extends
    EventReader,
    MessageReader,
    MembershipReader,
    DirectoryReader,
    AccountReader,
    StoreFacts,
    WorkReader {}

/** For whom a password is worked on, so that those who wait have fair turns. */
export interface Applicant {
  readonly address: string;
  /** The account it is about, as it was named: those of one address have turns. */
  readonly subject: string;
  /** Let in before, by session, device or address: such do not wait for strangers. */
  readonly known: boolean;
}

/** Passwords, off the message loop. It is their NFC that counts. Both reject with ChatError resource_exhausted when too many wait. */
export interface Passwords {
  hash(password: string, applicant: Applicant): Promise<string>;
  /** An absent hash costs the same time and is never right. */
  verify(
    password: string,
    hash: string | undefined,
    applicant: Applicant,
  ): Promise<{ readonly ok: boolean; readonly outdated: boolean }>;
}

/** An account, as a device's credential knows it: another password ends the credential. */
export interface DeviceOwner {
  readonly userId: number;
  readonly passwordHash: string;
  readonly nowMs: number;
}

/** Session secrets, invite codes, and what devices are known and commands compared by. */
export interface Secrets {
  newToken(): { readonly token: string; readonly tokenHash: string };
  hashToken(token: string): string;
  inviteCode(inviteId: number): string;
  /** Id of the invite that the code was made for; undefined for anything else. */
  readInviteCode(code: string): number | undefined;
  /** By this a device is known again when the account logs in; a device without an id gets one. */
  deviceCredential(owner: DeviceOwner, deviceId: string | undefined): string;
  /** Id of the device; undefined when the credential was not made for this account, with this password, within 400 days. */
  readDeviceCredential(credential: string, owner: DeviceOwner): string | undefined;
  /** Short keyed hash of what a command says; see src/chat/fingerprint.ts. */
  fingerprint(content: string): number;
}

/** One attempt to get in; without a name it counts for its address alone. */
export interface Attempt {
  readonly address: string;
  readonly name?: string;
  /** The account of that name, if somebody may log in to it. */
  readonly userId?: number | undefined;
  /** Device that the account has logged in from. */
  readonly deviceId?: string | undefined;
  /** Session that asks for it. */
  readonly sessionId?: number | undefined;
}

/** An attempt that may be made. */
export interface Admission {
  /** Whether session, device or address were let in before. */
  readonly known: boolean;
  /** It was no guess: the attempt counts no more. */
  withdraw(): void;
  /** It was right: the failures before it are forgotten where it counted, and the address becomes known for the account. */
  succeed(): void;
}

/** Attempts at getting in, counted before any password is hashed or invite code is read. */
export interface LoginThrottle {
  /**
   * Counts an attempt in one place: of the session; else of the device; else of the account from a known address; else of
   * the account and of the address, as all strangers'. Throws ChatError resource_exhausted with the time to wait.
   */
  admit(attempt: Attempt): Admission;
  /** A session of this user was used from this address. */
  seen(userId: number, address: string): void;
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

/** Who pays for the work that commands come to. */
export interface Meter {
  /** Takes units for what a command has cost beyond its unit. */
  charge(units: number): void;
}

/** The core's whole picture of a socket. */
export interface Outlet {
  /** Who pays for its commands; nobody when undefined. */
  readonly meter?: Meter | undefined;
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
