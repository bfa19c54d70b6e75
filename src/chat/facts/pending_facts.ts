/**
 * Committed facts with the decisions of a batch on top. It lives as long as
 * its batch: a commit makes the decisions facts, a failure forgets them.
 *
 * A batch may hold a thousand commands of one user, so every question is
 * answered from an index: none walks through what the batch has decided.
 *
 * @module
 */
import type { Facts, FactSink } from "./facts.ts";
import { type Channel, ChannelKind, ChannelRole, type Invite, ServerRole } from "../model.ts";
import type { Member, Membership, MessageFacts, Session, User } from "../model.ts";
import { SetMap } from "./set_map.ts";

export class PendingFacts implements Facts, FactSink {
  readonly #base: Facts;
  readonly #users = new Map<number, User>();
  readonly #channels = new Map<number, Channel>();
  /** By channel, then user; undefined marks a place that was given up. */
  readonly #members = new Map<number, Map<number, Membership | undefined>>();
  readonly #sessions = new Map<number, Session | undefined>();
  readonly #hashes = new Map<number, string>();
  readonly #invites = new Map<number, Invite | undefined>();
  #serverName: string | undefined;
  readonly #deleted = new Set<string>();
  readonly #reactions = new Map<string, boolean>();
  /** Emoji that the batch has put under messages. */
  readonly #newEmoji = new SetMap<string, string>();

  readonly #pins = new Map<string, boolean>();

  readonly #userIdByName = new Map<string, number>();
  readonly #publicIdByName = new Map<string, number>();
  readonly #directIdByKey = new Map<string, number>();
  /** Channels that the batch has given another name, by that name. */
  readonly #renamed = new SetMap<string, number>();
  /** Channels in which the batch has changed a user's place: by user, and by user and the channel's name then. */
  readonly #changedPlaces = new SetMap<number, number>();
  readonly #changedPlacesByName = new SetMap<string, number>();
  /** Owners by channel, among those whose place the batch has changed. */
  readonly #newOwners = new SetMap<number, number>();
  readonly #newSessions = new SetMap<number, number>();
  readonly #joinedCounts = new Counts((userId) => this.#base.channelCount(userId, { added: false }));
  readonly #addedCounts = new Counts((userId) => this.#base.channelCount(userId, { added: true }));
  readonly #madeCounts = new Counts((userId) => this.#base.channelsMade(userId));
  readonly #directCounts = new Counts((userId) => this.#base.directsOpened(userId));
  readonly #pinCounts = new Counts((channelId) => this.#base.pinCount(channelId));
  readonly #ownerCounts = new Counts(() => this.#base.ownerCount());

  constructor(base: Facts) {
    this.#base = base;
  }

  user(id: number): User | undefined {
    return this.#users.get(id) ?? this.#base.user(id);
  }

  userByName(name: string): User | undefined {
    const id = this.#userIdByName.get(name);
    return id === undefined ? this.#base.userByName(name) : this.#users.get(id);
  }

  channel(id: number): Channel | undefined {
    return this.#channels.get(id) ?? this.#base.channel(id);
  }

  channelByName(name: string): Channel | undefined {
    const id = this.#publicIdByName.get(name);
    if (id !== undefined) return this.#channels.get(id);
    const stored = this.#base.channelByName(name);
    // It may have been given another name in this batch.
    return stored && !this.#channels.has(stored.id) ? stored : undefined;
  }

  privateChannels(userId: number, name: string): readonly Channel[] {
    const ids = new Set([
      ...this.#base.privateChannels(userId, name).map(({ id }) => id),
      ...this.#renamed.of(name),
      ...this.#changedPlacesByName.of(`${userId} ${name}`),
    ]);
    return Array.from(ids, (id) => this.channel(id)!).filter(({ id, kind, name: its }) =>
      kind === ChannelKind.PRIVATE && its === name && isMember(this.membership(id, userId))
    );
  }

  directsOpened(userId: number): number {
    return this.#directCounts.of(userId);
  }

  directChannel(userIds: readonly number[]): Channel | undefined {
    const id = this.#directIdByKey.get(userIds.join());
    return id === undefined ? this.#base.directChannel(userIds) : this.#channels.get(id);
  }

  membership(channelId: number, userId: number): Membership | undefined {
    const members = this.#members.get(channelId);
    return members?.has(userId) ? members.get(userId) : this.#base.membership(channelId, userId);
  }

  channelIds(userId: number): number[] {
    const changed = this.#changedPlaces.of(userId);
    const ids = new Set([...this.#base.channelIds(userId), ...changed]);
    for (const id of changed) if (!isMember(this.membership(id, userId))) ids.delete(id);
    return [...ids];
  }

  channelCount(userId: number, { added }: { readonly added: boolean }): number {
    return (added ? this.#addedCounts : this.#joinedCounts).of(userId);
  }

  channelsMade(userId: number): number {
    return this.#madeCounts.of(userId);
  }

  members(channelId: number): Member[] {
    const roles = new Map(this.#base.members(channelId).map(({ userId, role }) => [userId, role]));
    for (const [userId, now] of this.#members.get(channelId) ?? []) {
      if (isMember(now)) roles.set(userId, now!.role);
      else roles.delete(userId);
    }
    return Array.from(roles, ([userId, role]) => ({ userId, role })).sort((a, b) => a.userId - b.userId);
  }

  someMember(channelId: number, fits: (userId: number) => boolean): boolean {
    const changed = this.#members.get(channelId);
    return this.#base.someMember(channelId, (userId) => !changed?.has(userId) && fits(userId)) ||
      [...changed ?? []].some(([userId, now]) => isMember(now) && fits(userId));
  }

  channelOwners(channelId: number): number[] {
    const changed = this.#members.get(channelId);
    const stored = this.#base.channelOwners(channelId).filter((userId) => !changed?.has(userId));
    return [...stored, ...this.#newOwners.of(channelId)];
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
    const total = facts.total + this.#newEmoji.of(`${channelId} ${seq}`).size;
    return { mine: mine ?? facts.mine, total };
  }

  pinned(channelId: number, messageSeq: number): boolean {
    return this.#pins.get(`${channelId} ${messageSeq}`) ?? this.#base.pinned(channelId, messageSeq);
  }

  pinCount(channelId: number): number {
    return this.#pinCounts.of(channelId);
  }

  passwordHash(userId: number): string | undefined {
    return this.#hashes.get(userId) ?? this.#base.passwordHash(userId);
  }

  sessionsOf(userId: number): readonly Session[] {
    const stored = this.#base.sessionsOf(userId).filter((session) => !this.#sessions.has(session.id));
    return [...Array.from(this.#newSessions.of(userId), (id) => this.#sessions.get(id)!), ...stored];
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
    return this.#ownerCounts.of(0);
  }

  serverName(): string {
    return this.#serverName ?? this.#base.serverName();
  }

  putUser(user: User): void {
    const change = Number(isServerOwner(user)) - Number(isServerOwner(this.user(user.id)));
    this.#ownerCounts.change(0, change);
    this.#users.set(user.id, user);
    this.#userIdByName.set(user.name, user.id);
  }

  putChannel(channel: Channel): void {
    const { id, kind, name, creatorId, directUserIds } = channel;
    const before = this.channel(id);
    const made = kind === ChannelKind.DIRECT ? this.#directCounts : this.#madeCounts;
    if (!before) made.change(creatorId, 1);
    if (kind === ChannelKind.DIRECT) {
      this.#directIdByKey.set(directUserIds.join(), id);
    } else if (before && before.name !== name) {
      if (this.#publicIdByName.get(before.name) === id) this.#publicIdByName.delete(before.name);
      this.#renamed.add(name, id);
    }
    if (kind === ChannelKind.PUBLIC) this.#publicIdByName.set(name, id);
    this.#channels.set(id, channel);
  }

  putMembership(membership: Membership): void {
    this.#setMember(membership.channelId, membership.userId, membership);
  }

  dropMembership(channelId: number, userId: number): void {
    this.#setMember(channelId, userId, undefined);
  }

  putSession(session: Session): void {
    this.#sessions.set(session.id, session);
    this.#newSessions.add(session.userId, session.id);
  }

  dropSession(userId: number, sessionId: number): void {
    this.#sessions.set(sessionId, undefined);
    this.#newSessions.delete(userId, sessionId);
  }

  putPasswordHash(userId: number, hash: string): void {
    this.#hashes.set(userId, hash);
  }

  putServerName(name: string): void {
    this.#serverName = name;
  }

  putInvite(invite: Invite): void {
    this.#invites.set(invite.id, invite);
  }

  dropInvite(inviteId: number): void {
    this.#invites.set(inviteId, undefined);
  }

  dropMessage(channelId: number, seq: number): void {
    this.#deleted.add(`${channelId} ${seq}`);
    this.putPin(channelId, seq, false);
  }

  putReaction(
    channelId: number,
    seq: number,
    reaction: { userId: number; emoji: string; mine: boolean },
  ): void {
    this.#reactions.set(`${channelId} ${seq} ${reaction.userId} ${reaction.emoji}`, reaction.mine);
    if (reaction.mine) this.#newEmoji.add(`${channelId} ${seq}`, reaction.emoji);
  }

  putPin(channelId: number, messageSeq: number, pinned: boolean): void {
    this.#pinCounts.change(channelId, Number(pinned) - Number(this.pinned(channelId, messageSeq)));
    this.#pins.set(`${channelId} ${messageSeq}`, pinned);
  }

  #setMember(channelId: number, userId: number, membership: Membership | undefined): void {
    const channel = this.channel(channelId);
    if (channel?.kind !== ChannelKind.DIRECT) {
      this.#countPlace(this.membership(channelId, userId), -1);
      this.#countPlace(membership, 1);
    }
    this.#changedPlaces.add(userId, channelId);
    if (channel) this.#changedPlacesByName.add(`${userId} ${channel.name}`, channelId);
    if (isOwner(membership)) this.#newOwners.add(channelId, userId);
    else this.#newOwners.delete(channelId, userId);
    let members = this.#members.get(channelId);
    if (!members) this.#members.set(channelId, members = new Map());
    members.set(userId, membership);
  }

  #countPlace(membership: Membership | undefined, change: number): void {
    if (!membership || membership.banned) return;
    (membership.added ? this.#addedCounts : this.#joinedCounts).change(membership.userId, change);
  }
}

/** Numbers as they were committed, read when first asked for, and what the batch adds or takes away. */
class Counts {
  readonly #committed = new Map<number, number>();
  readonly #changes = new Map<number, number>();
  readonly #read: (id: number) => number;

  constructor(read: (id: number) => number) {
    this.#read = read;
  }

  of(id: number): number {
    let count = this.#committed.get(id);
    if (count === undefined) this.#committed.set(id, count = this.#read(id));
    return count + (this.#changes.get(id) ?? 0);
  }

  change(id: number, by: number): void {
    if (by !== 0) this.#changes.set(id, (this.#changes.get(id) ?? 0) + by);
  }
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
