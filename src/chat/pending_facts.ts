/**
 * Committed facts with the decisions of a batch on top. It lives as long as
 * its batch: a commit makes the decisions facts, a failure forgets them.
 *
 * @module
 */
import type { Facts, FactSink } from "./facts.ts";
import { type Channel, ChannelKind, ChannelRole, type Invite, ServerRole } from "./model.ts";
import type { Member, Membership, MessageFacts, Session, User } from "./model.ts";

export class PendingFacts implements Facts, FactSink {
  readonly #base: Facts;
  readonly #users = new Map<number, User>();
  readonly #channels = new Map<number, Channel>();
  /** By channel, then user; undefined marks a place that was given up. */
  readonly #members = new Map<number, Map<number, Membership | undefined>>();
  readonly #sessions = new Map<number, Session | undefined>();
  readonly #hashes = new Map<number, string>();
  readonly #invites = new Map<number, Invite | undefined>();
  readonly #deleted = new Set<string>();
  readonly #reactions = new Map<string, boolean>();
  /** Emoji that the batch has put under messages. */
  readonly #newEmoji = new Map<string, Set<string>>();

  constructor(base: Facts) {
    this.#base = base;
  }

  user(id: number): User | undefined {
    return this.#users.get(id) ?? this.#base.user(id);
  }

  userByName(name: string): User | undefined {
    return find(this.#users, (user) => user.name === name) ?? this.#base.userByName(name);
  }

  channel(id: number): Channel | undefined {
    return this.#channels.get(id) ?? this.#base.channel(id);
  }

  channelByName(name: string): Channel | undefined {
    const isIt = ({ kind, name: its }: Channel) => kind === ChannelKind.PUBLIC && its === name;
    const pending = find(this.#channels, isIt);
    if (pending) return pending;
    const stored = this.#base.channelByName(name);
    // It may have been given another name in this batch.
    return stored && !this.#channels.has(stored.id) ? stored : undefined;
  }

  privateChannels(userId: number, name: string): readonly Channel[] {
    const isIt = ({ id, kind, name: its }: Channel) =>
      kind === ChannelKind.PRIVATE && its === name && isMember(this.membership(id, userId));
    const stored = this.#base.privateChannels(userId, name).map(({ id }) => this.channel(id)!);
    // Membership of a channel that had the name before may have begun in this batch as well.
    const joined = this.#channelsWithChanges(userId).map((id) => this.channel(id)!);
    return [
      ...new Map([...stored, ...this.#channels.values(), ...joined].map((one) => [one.id, one])).values(),
    ]
      .filter(isIt);
  }

  directsOpened(userId: number): number {
    let count = this.#base.directsOpened(userId);
    for (const { id, kind, creatorId } of this.#channels.values()) {
      if (kind === ChannelKind.DIRECT && creatorId === userId && !this.#base.channel(id)) count++;
    }
    return count;
  }

  directChannel(userIds: readonly number[]): Channel | undefined {
    const key = userIds.join();
    return find(this.#channels, (channel) => channel.directUserIds.join() === key && key !== "") ??
      this.#base.directChannel(userIds);
  }

  membership(channelId: number, userId: number): Membership | undefined {
    const members = this.#members.get(channelId);
    return members?.has(userId) ? members.get(userId) : this.#base.membership(channelId, userId);
  }

  channelIds(userId: number): number[] {
    const changed = this.#channelsWithChanges(userId);
    const ids = new Set([...this.#base.channelIds(userId), ...changed]);
    for (const id of changed) if (!isMember(this.membership(id, userId))) ids.delete(id);
    return [...ids];
  }

  channelCount(userId: number): number {
    let count = this.#base.channelCount(userId);
    for (const channelId of this.#channelsWithChanges(userId)) {
      if (this.channel(channelId)?.kind === ChannelKind.DIRECT) continue;
      count += Number(isMember(this.membership(channelId, userId))) -
        Number(isMember(this.#base.membership(channelId, userId)));
    }
    return count;
  }

  members(channelId: number): Member[] {
    const roles = new Map(this.#base.members(channelId).map(({ userId, role }) => [userId, role]));
    for (const [userId, now] of this.#members.get(channelId) ?? []) {
      if (isMember(now)) roles.set(userId, now!.role);
      else roles.delete(userId);
    }
    return Array.from(roles, ([userId, role]) => ({ userId, role })).sort((a, b) => a.userId - b.userId);
  }

  channelOwners(channelId: number): number[] {
    const changed = this.#members.get(channelId);
    const stored = this.#base.channelOwners(channelId).filter((userId) => !changed?.has(userId));
    const pending = [...changed ?? []].filter(([, now]) => isOwner(now)).map(([userId]) => userId);
    return [...stored, ...pending];
  }

  messageFacts(channelId: number, seq: number): MessageFacts | undefined {
    const facts = this.#base.messageFacts(channelId, seq);
    return facts && this.#deleted.has(`${channelId} ${seq}`) ? { ...facts, deleted: true } : facts;
  }

  reactionFacts(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string },
  ): { mine: boolean; total: number } {
    const facts = this.#base.reactionFacts(channelId, seq, reaction);
    const mine = this.#reactions.get(`${channelId} ${seq} ${reaction.userId} ${reaction.emoji}`);
    // Some of the new emoji may be there already; near the limit that is counted on the safe side.
    const total = facts.total + (this.#newEmoji.get(`${channelId} ${seq}`)?.size ?? 0);
    return { mine: mine ?? facts.mine, total };
  }

  passwordHash(userId: number): string | undefined {
    return this.#hashes.get(userId) ?? this.#base.passwordHash(userId);
  }

  sessionsOf(userId: number): readonly Session[] {
    const stored = this.#base.sessionsOf(userId).filter((session) => !this.#sessions.has(session.id));
    const pending = [...this.#sessions.values()].filter((session) => session?.userId === userId);
    return [...pending as Session[], ...stored];
  }

  hasSession(sessionId: number): boolean {
    return this.#sessions.has(sessionId)
      ? this.#sessions.get(sessionId) !== undefined
      : this.#base.hasSession(sessionId);
  }

  invite(id: number): Invite | undefined {
    return this.#invites.has(id) ? this.#invites.get(id) : this.#base.invite(id);
  }

  ownerCount(): number {
    let count = this.#base.ownerCount();
    for (const user of this.#users.values()) {
      count += Number(isServerOwner(user)) - Number(isServerOwner(this.#base.user(user.id)));
    }
    return count;
  }

  putUser(user: User): void {
    this.#users.set(user.id, user);
  }

  putChannel(channel: Channel): void {
    this.#channels.set(channel.id, channel);
  }

  putMembership(membership: Membership): void {
    this.#setMember(membership.channelId, membership.userId, membership);
  }

  dropMembership(channelId: number, userId: number): void {
    this.#setMember(channelId, userId, undefined);
  }

  putSession(session: Session): void {
    this.#sessions.set(session.id, session);
  }

  dropSession(_userId: number, sessionId: number): void {
    this.#sessions.set(sessionId, undefined);
  }

  putPasswordHash(userId: number, hash: string): void {
    this.#hashes.set(userId, hash);
  }

  putInvite(invite: Invite): void {
    this.#invites.set(invite.id, invite);
  }

  dropInvite(inviteId: number): void {
    this.#invites.set(inviteId, undefined);
  }

  dropMessage(channelId: number, seq: number): void {
    this.#deleted.add(`${channelId} ${seq}`);
  }

  putReaction(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string; mine: boolean },
  ): void {
    this.#reactions.set(`${channelId} ${seq} ${reaction.userId} ${reaction.emoji}`, reaction.mine);
    if (!reaction.mine) return;
    const message = `${channelId} ${seq}`;
    let emoji = this.#newEmoji.get(message);
    if (!emoji) this.#newEmoji.set(message, emoji = new Set());
    emoji.add(reaction.emoji);
  }

  /** Channels in which the batch has changed the user's place. */
  #channelsWithChanges(userId: number): number[] {
    return [...this.#members].filter(([, members]) => members.has(userId)).map(([channelId]) => channelId);
  }

  #setMember(channelId: number, userId: number, membership: Membership | undefined): void {
    let members = this.#members.get(channelId);
    if (!members) this.#members.set(channelId, members = new Map());
    members.set(userId, membership);
  }
}

function find<T>(map: ReadonlyMap<number, T>, wanted: (value: T) => boolean): T | undefined {
  for (const value of map.values()) if (wanted(value)) return value;
  return undefined;
}

function isMember(membership: Membership | undefined): boolean {
  return membership !== undefined && !membership.banned;
}

function isOwner(membership: Membership | undefined): boolean {
  return isMember(membership) && membership!.role === ChannelRole.OWNER;
}

function isServerOwner(user: User | undefined): boolean {
  return user !== undefined && user.role === ServerRole.OWNER && !user.disabled;
}
