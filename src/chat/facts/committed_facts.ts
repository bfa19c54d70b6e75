/** Committed facts: loaded when first asked for, kept true by applying events. @module */
import type { Facts, FactSink } from "./facts.ts";
import type { Channel, Invite, Member, Membership, MessageFacts, Session, User } from "../model.ts";
import type { StoreReader } from "../ports.ts";
import { RecentMap } from "./recent_map.ts";

/** Entries that are kept in memory of each kind: a few hundred bytes each. What is forgotten is read again. */
const USERS_MAX = 50_000;
const CHANNELS_MAX = 20_000;
const MEMBERSHIPS_MAX = 100_000;

/** Members that are read at first where one of them is looked for. */
const FIRST_MEMBERS = 4;

/** Facts as they were committed. Nothing here has to be loaded at start. */
export class CommittedFacts implements Facts, FactSink {
  readonly #reader: StoreReader;
  readonly #users = new RecentMap<number, User>(USERS_MAX);
  /** Null for a number nobody has, so that time does not tell it from a channel that the caller may not know of. */
  readonly #channels = new RecentMap<number, Channel | null>(CHANNELS_MAX);
  /** By channel and user. */
  readonly #members = new RecentMap<string | number, Membership>(MEMBERSHIPS_MAX);
  /** Never forgotten while they last: a session that is not here has ended for those who use it. */
  readonly #sessions = new Map<number, { readonly session: Session; readonly tokenHash: string }>();
  readonly #sessionIdByToken = new Map<string, number>();

  constructor(reader: StoreReader) {
    this.#reader = reader;
  }

  /** Users, channels and memberships in memory. */
  get cached(): number {
    return this.#users.size + this.#channels.size + this.#members.size;
  }

  user(id: number): User | undefined {
    return this.#users.get(id) ?? keep(this.#users, this.#reader.user(id));
  }

  userByName(name: string): User | undefined {
    return this.#reader.userByName(name);
  }

  channel(id: number): Channel | undefined {
    let known = this.#channels.get(id);
    if (known === undefined) {
      known = this.#reader.channel(id) ?? null;
      this.#channels.set(id, known);
    }
    return known ?? undefined;
  }

  channelByName(name: string): Channel | undefined {
    return this.#reader.channelByName(name);
  }

  privateChannels(userId: number, name: string): readonly Channel[] {
    return this.#reader.privateChannels(userId, name);
  }

  directsOpened(userId: number): number {
    return this.#reader.directsOpened(userId);
  }

  directChannel(userIds: readonly number[]): Channel | undefined {
    return this.#reader.directChannel(userIds);
  }

  membership(channelId: number, userId: number): Membership | undefined {
    const known = this.#members.get(placeOf(channelId, userId));
    if (known) return known;
    const membership = this.#reader.membership(channelId, userId);
    // Only real places are kept: a stranger's guesses must not fill the memory.
    if (membership) this.putMembership(membership);
    return membership;
  }

  /** Memberships of a user, bans left out, read afresh. */
  channelIds(userId: number): number[] {
    return this.#reader.channelsOf(userId).map(({ channel }) => channel.id);
  }

  channelCount(userId: number, places: { readonly added: boolean }): number {
    return this.#reader.channelCount(userId, places);
  }

  channelsMade(userId: number): number {
    return this.#reader.channelsMade(userId);
  }

  members(channelId: number): Member[] {
    return this.#reader.members(channelId, { after: 0, limit: Number.MAX_SAFE_INTEGER, banned: false });
  }

  someMember(channelId: number, fits: (userId: number) => boolean): boolean {
    for (let after = 0, limit = FIRST_MEMBERS;; limit *= 2) {
      const members = this.#reader.members(channelId, { after, limit, banned: false });
      if (members.some(({ userId }) => fits(userId))) return true;
      if (members.length < limit) return false;
      after = members.at(-1)!.userId;
    }
  }

  channelOwners(channelId: number): number[] {
    return this.#reader.channelOwners(channelId);
  }

  messageFacts(channelId: number, seq: number): MessageFacts | undefined {
    return this.#reader.messageFacts(channelId, seq);
  }

  reactionFacts(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string },
  ): { mine: boolean; total: number } {
    return this.#reader.reactionFacts(channelId, seq, reaction);
  }

  pinned(channelId: number, messageSeq: number): boolean {
    return this.#reader.pinned(channelId, messageSeq);
  }

  pinCount(channelId: number): number {
    return this.#reader.pinCount(channelId);
  }

  passwordHash(userId: number): string | undefined {
    return this.#reader.passwordHash(userId);
  }

  sessionsOf(userId: number): readonly Session[] {
    return this.#reader.sessionsOf(userId);
  }

  hasSession(sessionId: number): boolean {
    return this.#sessions.has(sessionId);
  }

  /** The session that a token opens; undefined when it has ended. */
  sessionByTokenHash(tokenHash: string): Session | undefined {
    const known = this.#sessionIdByToken.get(tokenHash);
    if (known !== undefined) return this.#sessions.get(known)?.session;
    const session = this.#reader.sessionByTokenHash(tokenHash);
    if (session) this.putSession(session, tokenHash);
    return session;
  }

  invite(id: number): Invite | undefined {
    return this.#reader.invite(id);
  }

  ownerCount(): number {
    return this.#reader.ownerCount();
  }

  serverName(): string {
    return this.#reader.serverName();
  }

  putUser(user: User): void {
    this.#users.set(user.id, user);
  }

  putChannel(channel: Channel): void {
    this.#channels.set(channel.id, channel);
  }

  putMembership(membership: Membership): void {
    this.#members.set(placeOf(membership.channelId, membership.userId), membership);
  }

  dropMembership(channelId: number, userId: number): void {
    this.#members.delete(placeOf(channelId, userId));
  }

  putSession(session: Session, tokenHash: string): void {
    this.#sessions.set(session.id, { session, tokenHash });
    this.#sessionIdByToken.set(tokenHash, session.id);
  }

  dropSession(_userId: number, sessionId: number): void {
    const ended = this.#sessions.get(sessionId);
    if (ended) this.#sessionIdByToken.delete(ended.tokenHash);
    this.#sessions.delete(sessionId);
  }

  // The reader answers for these, so nothing is kept in memory.
  putPasswordHash(): void {}
  putServerName(): void {}
  putInvite(): void {}
  dropInvite(): void {}
  dropMessage(): void {}
  putReaction(): void {}

  putPin(): void {}
}

/** A number wherever both fit into one, which is looked up in a quarter of the time that a string takes. */
function placeOf(channelId: number, userId: number): string | number {
  if (channelId < 2 ** 21) return channelId * 2 ** 32 + userId;
  return `${channelId} ${userId}`;
}

function keep<T extends { id: number }>(cache: RecentMap<number, T>, value: T | undefined): T | undefined {
  if (value) cache.set(value.id, value);
  return value;
}
