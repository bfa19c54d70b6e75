/**
 * The store's twin in memory, for tests and simulations: the same observable
 * behaviour, no files, no worker, no clock of its own unless none is given.
 *
 * @module
 */
import type { Event } from "../../../src/chat/event.ts";
import {
  type Channel,
  ChannelKind,
  ChannelRole,
  type Invite,
  type JoinedChannel,
  type Member,
  type Membership,
  type Message,
  type MessageFacts,
  type Pin,
  ServerRole,
  type Session,
  type User,
} from "../../../src/chat/model.ts";
import type {
  Draft,
  EventWriter,
  HistoryPosition,
  KeyedEvent,
  NamePage,
  Outcome,
  StoreReader,
} from "../../../src/chat/ports.ts";
import { encodeBatch } from "../../../src/store/writer/batch_codec.ts";
import { refuseNul } from "../../../src/store/writer/conflict.ts";
import { apply } from "./apply.ts";
import { Journal } from "./journal.ts";
import { countUnread, historyOf, pinsOf, replayed } from "./messages.ts";
import { keyOf, Tables } from "./tables.ts";

export interface MemoryStoreOptions {
  /** Milliseconds since 1970 UTC; the machine's clock when absent. */
  readonly now?: () => number;
  readonly epoch?: string;
}

/** What a hook makes of a batch: it throws to fail the commit, and may wait first. */
export type CommitHook = (batch: readonly Draft[]) => void | Promise<void>;

/** The same object may serve one core after another, as a data folder does. */
export class MemoryStore implements StoreReader, EventWriter, AsyncDisposable {
  /** Looking something up in memory costs nobody anything. */
  readonly work = 0;
  readonly epoch: string;
  /** Runs before anything is stored: throwing is a failed write. */
  beforeCommit: CommitHook | undefined;
  /** Runs when all is stored: throwing is a crash before the answer. */
  afterCommit: CommitHook | undefined;
  readonly #now: () => number;
  readonly #tables = new Tables();
  readonly #journal = new Journal();
  #lastMs = 0;

  constructor(options: MemoryStoreOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.epoch = options.epoch ?? "memory";
  }

  async commit(batch: readonly Draft[]): Promise<Outcome[]> {
    // Without a hook that waits, all is stored before this call returns.
    const before = this.beforeCommit?.(batch);
    if (before) await before;
    this.#lastMs = Math.max(this.#lastMs, this.#now());
    const finish = batch.map((draft) => this.#append(draft));
    const outcomes = finish.map((outcome) => outcome());
    const after = this.afterCommit?.(batch);
    if (after) await after;
    return outcomes;
  }

  touchSessions(lastUsed: ReadonlyMap<number, number>): void {
    for (const [id, lastUsedMs] of lastUsed) {
      const session = this.#tables.sessions.get(id);
      if (session && session.lastUsedMs < lastUsedMs) {
        this.#tables.sessions.set(id, { ...session, lastUsedMs });
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  head(stream: number): number {
    return this.#tables.streams.get(stream)?.length ?? 0;
  }

  heads(streams: readonly number[]): number[] {
    return streams.map((stream) => this.head(stream));
  }

  events(stream: number, { after, upTo, limit }: { after: number; upTo: number; limit: number }): Event[] {
    const events = this.#tables.streams.get(stream) ?? [];
    const end = Math.min(upTo, after + limit);
    return events.slice(after, Math.max(after, end)).map((event) => replayed(this.#tables, event));
  }

  findByKey(actorId: number, key: string): KeyedEvent | undefined {
    const event = this.#tables.keys.get(keyOf(actorId, key));
    return event && this.#keyed(event);
  }

  history(channelId: number, limit: number, position?: HistoryPosition): Message[] {
    return historyOf(this.#tables, channelId, limit, position);
  }

  messageFacts(channelId: number, seq: number): MessageFacts | undefined {
    const message = this.#tables.messages.get(channelId)?.get(seq)?.message;
    return message && { authorId: message.authorId, deleted: message.deleted };
  }

  reactionFacts(
    channelId: number,
    seq: number,
    { userId, emoji }: { userId: number; emoji: string },
  ): { mine: boolean; total: number } {
    const reactions = this.#tables.messages.get(channelId)?.get(seq)?.reactions ?? [];
    return {
      mine: reactions.some((reaction) => reaction.emoji === emoji && reaction.userIds.includes(userId)),
      total: reactions.length,
    };
  }

  pinned(channelId: number, messageSeq: number): boolean {
    return this.#tables.pins.get(channelId)?.has(messageSeq) ?? false;
  }

  pinCount(channelId: number): number {
    return this.#tables.pins.get(channelId)?.size ?? 0;
  }

  pins(channelId: number, page: { before: number; limit: number }): Pin[] {
    return pinsOf(this.#tables, channelId, page);
  }

  unread(
    channelId: number,
    userId: number,
    count: { afterSeq: number; upToSeq: number; limit: number },
  ): { unread: number; mentions: number } {
    return countUnread(this.#tables, channelId, userId, count);
  }

  membership(channelId: number, userId: number): Membership | undefined {
    return this.#tables.memberships.get(channelId)?.get(userId);
  }

  channelsOf(userId: number): JoinedChannel[] {
    return this.#membershipsOf(userId).flatMap((membership) => {
      const channel = this.channel(membership.channelId);
      return channel ? [{ channel, membership }] : [];
    });
  }

  members(channelId: number, page: { after: number; limit: number; banned: boolean }): Member[] {
    return this.#membersOf(channelId)
      .filter(({ userId, banned }) => banned === page.banned && userId > page.after)
      .sort((a, b) => a.userId - b.userId)
      .slice(0, page.limit)
      .map(({ userId, role }) => ({ userId, role }));
  }

  channelOwners(channelId: number): number[] {
    return this.#membersOf(channelId)
      .filter(({ role, banned }) => role === ChannelRole.OWNER && !banned)
      .map(({ userId }) => userId)
      .sort((a, b) => a - b);
  }

  channelCount(userId: number, { added }: { readonly added: boolean }): number {
    return this.#membershipsOf(userId)
      .filter((place) => place.added === added)
      .filter(({ channelId }) => this.channel(channelId)?.kind !== ChannelKind.DIRECT).length;
  }

  user(id: number): User | undefined {
    return this.#tables.users.get(id);
  }

  userByName(name: string): User | undefined {
    const id = this.#tables.usersByName.get(name);
    return id === undefined ? undefined : this.#tables.users.get(id);
  }

  users(page: NamePage): User[] {
    return pageByName(this.#tables.users.values(), page);
  }

  channel(id: number): Channel | undefined {
    return this.#tables.channels.get(id);
  }

  channelByName(name: string): Channel | undefined {
    const id = this.#tables.channelsByName.get(name);
    return id === undefined ? undefined : this.#tables.channels.get(id);
  }

  privateChannels(userId: number, name: string): Channel[] {
    return [...this.#tables.channels.values()]
      .filter((channel) => channel.kind === ChannelKind.PRIVATE && channel.name === name)
      .filter(({ id }) => this.membership(id, userId)?.banned === false)
      .sort((a, b) => a.id - b.id);
  }

  directsOpened(userId: number): number {
    return [...this.#tables.channels.values()]
      .filter(({ kind, creatorId }) => kind === ChannelKind.DIRECT && creatorId === userId).length;
  }

  channelsMade(userId: number): number {
    return [...this.#tables.channels.values()]
      .filter(({ kind, creatorId }) => kind !== ChannelKind.DIRECT && creatorId === userId).length;
  }

  directChannel(userIds: readonly number[]): Channel | undefined {
    const id = this.#tables.channelsByDirectKey.get(userIds.join());
    return id === undefined ? undefined : this.#tables.channels.get(id);
  }

  publicChannels(page: NamePage & { includeArchived: boolean }): Channel[] {
    const channels = [...this.#tables.channels.values()]
      .filter(({ kind, archived }) => kind === ChannelKind.PUBLIC && (page.includeArchived || !archived));
    return pageByName(channels, page);
  }

  serverName(): string {
    return this.#tables.serverName.get(0) ?? "";
  }

  passwordHash(userId: number): string | undefined {
    return this.#tables.credentials.get(userId);
  }

  sessionByTokenHash(tokenHash: string): Session | undefined {
    const id = this.#tables.sessionsByToken.get(tokenHash);
    return id === undefined ? undefined : this.#tables.sessions.get(id);
  }

  sessionsOf(userId: number): Session[] {
    return [...this.#tables.sessions.values()]
      .filter((session) => session.userId === userId)
      .sort((a, b) => b.createdMs - a.createdMs || b.id - a.id);
  }

  invite(id: number): Invite | undefined {
    return this.#tables.revoked.has(id) ? undefined : this.#tables.invites.get(id);
  }

  invites({ after, limit, nowMs }: { after: number; limit: number; nowMs: number }): Invite[] {
    const live = ({ id, usesLeft, expiresMs }: Invite) =>
      !this.#tables.revoked.has(id) && usesLeft > 0 && (expiresMs === 0 || expiresMs > nowMs);
    return [...this.#tables.invites.values()]
      .filter((invite) => live(invite) && (after === 0 || invite.id < after))
      .sort((a, b) => b.id - a.id)
      .slice(0, limit);
  }

  ownerCount(): number {
    return [...this.#tables.users.values()]
      .filter(({ role, disabled }) => role === ServerRole.OWNER && !disabled).length;
  }

  maxId(): number {
    let max = 1;
    for (const id of this.#tables.ids.keys()) max = Math.max(max, id);
    return max;
  }

  #membershipsOf(userId: number): Membership[] {
    return [...this.#tables.memberships.values()]
      .flatMap((members) => members.get(userId) ?? [])
      .filter(({ banned }) => !banned)
      .sort((a, b) => a.channelId - b.channelId);
  }

  #membersOf(channelId: number): Membership[] {
    return [...this.#tables.memberships.get(channelId)?.values() ?? []];
  }

  /** Stores the draft; its outcome is made when the whole batch is stored, since replays show the present. */
  #append(draft: Draft): () => Outcome {
    const key = keyOf(draft.actorId, draft.key);
    const first = draft.key === "" ? undefined : this.#tables.keys.get(key);
    if (first) return () => ({ status: "duplicate", first: this.#keyed(first) });
    try {
      for (const cell of encodeBatch([draft])) refuseNul(cell);
      const events = draft.events.map((event) => this.#store(draft.actorId, event));
      if (draft.key !== "" && events[0]) {
        const { fingerprint } = draft;
        const keyed = fingerprint === undefined ? events[0] : { ...events[0], fingerprint };
        this.#journal.put(this.#tables.keys, key, keyed);
      }
      this.#journal.commit();
      return () => ({ status: "stored", events });
    } catch (error) {
      this.#journal.rollback();
      return () => ({ status: "failed", error: error as Error });
    }
  }

  /** As it reads now; the fingerprint of a deleted message is gone with its text. */
  #keyed({ fingerprint, ...first }: KeyedEvent): KeyedEvent {
    const event = replayed(this.#tables, first);
    const gone = event.body.case === "messageSent" && this.messageFacts(event.stream, event.seq)?.deleted;
    return fingerprint === undefined || gone ? event : { ...event, fingerprint };
  }

  #store(actorId: number, { stream, body }: Draft["events"][number]): Event {
    let events = this.#tables.streams.get(stream);
    if (!events) this.#tables.streams.set(stream, events = []);
    const event: Event = { stream, seq: events.length + 1, timeMs: this.#lastMs, actorId, body };
    this.#journal.push(events, event);
    apply(event, this.#tables, this.#journal);
    return event;
  }
}

function pageByName<T extends { readonly name: string }>(items: Iterable<T>, page: NamePage): T[] {
  return [...items]
    .filter(({ name }) => name.startsWith(page.prefix) && name > page.after)
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .slice(0, page.limit);
}
