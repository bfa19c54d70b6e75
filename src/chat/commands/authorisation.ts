/** Who may do what. Every rule looks up the present facts; nothing is remembered. @module */
import type { Expense } from "../allowances.ts";
import { denied, invalid, notFound, unmet } from "../error.ts";
import type { DraftEvent } from "../event.ts";
import type { Facts } from "../facts/facts.ts";
import {
  type Channel,
  ChannelKind,
  ChannelRole,
  DEFAULT_SERVER_NAME,
  type Membership,
  type Principal,
  ServerRole,
  type User,
} from "../model.ts";
import type { Context } from "./definition.ts";

/** Whose rights are asked for, and the facts that tell. */
export interface Asker {
  readonly principal: Principal;
  readonly facts: Pick<Facts, "user" | "channel" | "membership">;
}

/**
 * The caller before the store itself. It may hold a batch that is not published
 * yet; a removal in it counts for what stands behind it.
 */
export function beforeStore({ principal, reader }: Context): Asker {
  return { principal, facts: reader };
}

/** Role of the caller on the server; the operator has an owner's, a disabled account none. */
export function serverRole(asker: Asker): ServerRole {
  if (asker.principal.kind === "operator") return ServerRole.OWNER;
  const user = asker.facts.user(asker.principal.userId);
  return user && !user.disabled ? user.role : ServerRole.MEMBER;
}

export function requireAdmin(asker: Asker): ServerRole {
  const role = serverRole(asker);
  if (role < ServerRole.ADMIN) denied("Only admins may do this");
  return role;
}

export function requireServerOwner(asker: Asker): void {
  if (serverRole(asker) < ServerRole.OWNER) denied("Only owners of the server may do this");
}

/** The caller's account; the operator has none. */
export function requireAccount(context: Context): User {
  const user = context.facts.user(context.principal.userId);
  return user ?? unmet("Only users may do this: log in with an account");
}

export function requireUser(context: Context, userId: number): User {
  return context.facts.user(userId) ?? notFound("user");
}

/** What the server is called in clients. */
export function serverNameOf({ configuredName, facts }: Pick<Context, "configuredName" | "facts">): string {
  return configuredName ?? (facts.serverName() || DEFAULT_SERVER_NAME);
}

/** A channel and what the caller may do in it. */
export interface Place {
  readonly channel: Channel;
  readonly role: ChannelRole;
}

/**
 * The caller's place in a channel: admins of the server are owners of every
 * public channel, members or not; private channels are their members' alone. The same is looked up whether the
 * channel is none or one that the caller may not know of, so that time does not tell them apart.
 */
export function placeIn(asker: Asker, channelId: number): Place | undefined {
  const channel = asker.facts.channel(channelId);
  if (channel?.kind === ChannelKind.PUBLIC && serverRole(asker) >= ServerRole.ADMIN) {
    return { channel, role: ChannelRole.OWNER };
  }
  const membership = asker.facts.membership(channelId, asker.principal.userId);
  return channel && isMember(membership) ? { channel, role: membership.role } : undefined;
}

/** The channel, through the caller's place in it. Without one the channel does not exist for them. */
export function requirePlace(asker: Asker, channelId: number): Place {
  return placeIn(asker, channelId) ?? notFound("channel");
}

/** Like {@link requirePlace}, for what takes membership: reading and writing. */
export function requireMember(asker: Asker, channelId: number): Place {
  if (!isMember(asker.facts.membership(channelId, asker.principal.userId))) notFound("channel");
  return requirePlace(asker, channelId);
}

/** Like {@link requireMember}, refusing archived channels. */
export function requireWriter(asker: Asker, channelId: number): Place {
  return requireOpen(requireMember(asker, channelId));
}

/** Refuses archived channels. */
export function requireOpen(place: Place): Place {
  if (place.channel.archived) unmet("The channel is archived: nothing can be written in it");
  return place;
}

/** The channel, for managing it. */
export function requireManager(asker: Asker, channelId: number, atLeast: ChannelRole): Place {
  const place = requirePlace(asker, channelId);
  if (place.channel.kind === ChannelKind.DIRECT) unmet("A direct conversation cannot be changed");
  if (place.role < atLeast) {
    denied(`Only ${atLeast === ChannelRole.OWNER ? "owners" : "moderators"} of the channel may do this`);
  }
  return place;
}

/** Whether a place in a channel lets its holder in. */
export function isMember(
  membership: Membership | undefined,
): membership is Membership & { readonly banned: false } {
  return membership !== undefined && !membership.banned;
}

/** Refuses one channel too many. Those that others added the user to are not counted. */
export function requireRoomFor({ facts, limits }: Context, userId: number): void {
  if (facts.channelCount(userId, { added: false }) >= limits.channelsPerUser) {
    unmet(`At most ${limits.channelsPerUser} channels for one user: one must be left first`);
  }
}

/** Refuses adding somebody to one channel too many, however many the user has joined. */
export function requireRoomToAdd({ facts, limits }: Context, userId: number): void {
  if (facts.channelCount(userId, { added: true }) >= limits.addedChannelsPerUser) {
    unmet("The user is in as many channels as others may add them to");
  }
}

/** Lets the caller do it as often as one user may; admins and the operator as often as they like. */
export function spend(context: Context, expense: Exclude<Expense, "bytes">, amount = 1): void {
  if (serverRole(context) >= ServerRole.ADMIN) return;
  context.allowances.spend(context.principal.userId, expense, { amount, nowMs: context.now() });
}

/** The two events that make somebody a member: one for the channel, one for the user. */
export function joinEvents(channelId: number, userId: number, role: ChannelRole): DraftEvent[] {
  return [
    { stream: channelId, body: { case: "memberJoined", value: { userId, role } } },
    { stream: userId, body: { case: "channelGained", value: { channelId, role } } },
  ];
}

/** The account, refusing action against oneself and against the same or a higher role. */
export function requireLowerAccount(context: Context, userId: number): User {
  const user = requireUser(context, userId);
  if (userId === context.principal.userId) invalid("That is your own account");
  const mine = serverRole(context);
  if (mine < ServerRole.OWNER && user.role >= mine) {
    denied("You may only do this to accounts with a lower role than yours");
  }
  return user;
}

/** Refuses to leave the server without an owner. */
export function requireOtherOwner(context: Context, user: User): void {
  if (user.role === ServerRole.OWNER && !user.disabled && context.facts.ownerCount() === 1) {
    unmet("That is the server's only owner: make somebody else an owner first");
  }
}

/** Whether accounts of this role may be made, or the role be given. */
export function mayGive(asker: Asker, role: ServerRole): boolean {
  return serverRole(asker) >= (role > ServerRole.MEMBER ? ServerRole.OWNER : ServerRole.ADMIN);
}

/** Refuses roles that do not exist or that the caller, an admin, may not give. */
export function requireGivable(asker: Asker, role: ServerRole | 0): ServerRole {
  const wanted = role === 0 ? ServerRole.MEMBER : role;
  if (wanted !== ServerRole.MEMBER && wanted !== ServerRole.ADMIN && wanted !== ServerRole.OWNER) {
    invalid("Role not known: use member, admin or owner");
  }
  if (!mayGive(asker, wanted)) denied("Only owners may appoint admins and owners");
  return wanted;
}
