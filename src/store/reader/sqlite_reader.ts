/** Everything that can be read, over one connection. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Event } from "../../chat/event.ts";
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
} from "../../chat/model.ts";
import type { HistoryPosition, NamePage, StoreReader } from "../../chat/ports.ts";
import { AccountQueries } from "./accounts.ts";
import { DirectoryQueries } from "./directory.ts";
import { EventQueries } from "./events.ts";
import { MembershipQueries } from "./memberships.ts";
import { MessageQueries } from "./messages.ts";
import { queryOne, workOf } from "./query.ts";

/** Owns the connection: `closeReader` ends it. */
export class SqliteReader implements StoreReader {
  readonly epoch: string;
  readonly #db: DatabaseSync;
  readonly #events: EventQueries;
  readonly #messages: MessageQueries;
  readonly #memberships: MembershipQueries;
  readonly #directory: DirectoryQueries;
  readonly #accounts: AccountQueries;
  readonly #work: { readonly done: number };
  readonly #size: () => { bytes: number } | undefined;
  readonly #newest: () => { time_ms: number } | undefined;
  readonly #meta: () => { epoch: string; max_id: number } | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#work = workOf(db);
    this.#accounts = new AccountQueries(db);
    this.#events = new EventQueries(db, this.#accounts);
    this.#messages = new MessageQueries(db);
    this.#memberships = new MembershipQueries(db);
    this.#directory = new DirectoryQueries(db);
    this.#meta = queryOne<[], { epoch: string; max_id: number }>(db, "SELECT epoch, max_id FROM meta");
    this.#size = queryOne<[], { bytes: number }>(
      db,
      "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
    );
    this.#newest = queryOne<[], { time_ms: number }>(
      db,
      "SELECT time_ms FROM event WHERE position = (SELECT max(position) FROM event)",
    );
    this.epoch = this.#meta()!.epoch;
  }

  get work(): number {
    return this.#work.done;
  }

  closeReader(): void {
    this.#db.close();
  }

  /** Size of the database, with what stands in the write-ahead log only. */
  databaseBytes(): number {
    return this.#size()!.bytes;
  }

  /** Where the log ends and which schema it has, for comparing. */
  mark(): string {
    const [row] = this.#db.prepare(
      "SELECT epoch, max_id, (SELECT max(position) FROM event) AS last, user_version FROM meta, pragma_user_version",
    ).all();
    return JSON.stringify(row);
  }

  /** Time of the newest event; 0 when there is none. Later events have no earlier one, whatever the clock says. */
  newestMs(): number {
    return this.#newest()?.time_ms ?? 0;
  }

  maxId(): number {
    return this.#meta()!.max_id;
  }

  head(stream: number): number {
    return this.#events.head(stream);
  }

  heads(streams: readonly number[]): number[] {
    return this.#events.heads(streams);
  }

  events(stream: number, range: { after: number; upTo: number; limit: number }): Event[] {
    return this.#events.events(stream, range);
  }

  findByKey(actorId: number, key: string): Event | undefined {
    return this.#events.findByKey(actorId, key);
  }

  history(channelId: number, limit: number, position?: HistoryPosition): Message[] {
    return this.#messages.history(channelId, limit, position);
  }

  messageFacts(channelId: number, seq: number): MessageFacts | undefined {
    return this.#messages.messageFacts(channelId, seq);
  }

  reactionFacts(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string },
  ): { mine: boolean; total: number } {
    return this.#messages.reactionFacts(channelId, seq, reaction);
  }

  pinned(channelId: number, messageSeq: number): boolean {
    return this.#messages.pinned(channelId, messageSeq);
  }

  pinCount(channelId: number): number {
    return this.#messages.pinCount(channelId);
  }

  pins(channelId: number, page: { before: number; limit: number }): Iterable<Pin> {
    return this.#messages.pins(channelId, page);
  }

  unread(
    channelId: number,
    userId: number,
    count: { afterSeq: number; upToSeq: number; limit: number },
  ): { unread: number; mentions: number } {
    return this.#messages.unread(channelId, userId, count);
  }

  membership(channelId: number, userId: number): Membership | undefined {
    return this.#memberships.membership(channelId, userId);
  }

  channelsOf(userId: number): JoinedChannel[] {
    return this.#memberships.channelsOf(userId);
  }

  members(channelId: number, page: { after: number; limit: number; banned: boolean }): Member[] {
    return this.#memberships.members(channelId, page);
  }

  channelOwners(channelId: number): number[] {
    return this.#memberships.channelOwners(channelId);
  }

  channelCount(userId: number, places: { readonly added: boolean }): number {
    return this.#memberships.channelCount(userId, places);
  }

  channelsMade(userId: number): number {
    return this.#directory.channelsMade(userId);
  }

  user(id: number): User | undefined {
    return this.#directory.user(id);
  }

  userByName(name: string): User | undefined {
    return this.#directory.userByName(name);
  }

  users(page: NamePage): User[] {
    return this.#directory.users(page);
  }

  channel(id: number): Channel | undefined {
    return this.#directory.channel(id);
  }

  channelByName(name: string): Channel | undefined {
    return this.#directory.channelByName(name);
  }

  privateChannels(userId: number, name: string): Channel[] {
    return this.#directory.privateChannels(userId, name);
  }

  directsOpened(userId: number): number {
    return this.#directory.directsOpened(userId);
  }

  directChannel(userIds: readonly number[]): Channel | undefined {
    return this.#directory.directChannel(userIds);
  }

  publicChannels(page: NamePage & { includeArchived: boolean }): Channel[] {
    return this.#directory.publicChannels(page);
  }

  serverName(): string {
    return this.#directory.serverName();
  }

  passwordHash(userId: number): string | undefined {
    return this.#accounts.passwordHash(userId);
  }

  sessionByTokenHash(tokenHash: string): Session | undefined {
    return this.#accounts.sessionByTokenHash(tokenHash);
  }

  sessionsOf(userId: number): Session[] {
    return this.#accounts.sessionsOf(userId);
  }

  invite(id: number): Invite | undefined {
    return this.#accounts.invite(id);
  }

  invites(page: { after: number; limit: number; nowMs: number }): Invite[] {
    return this.#accounts.invites(page);
  }

  ownerCount(): number {
    return this.#accounts.ownerCount();
  }
}
