/** Who may do what. Every rule looks up the present facts; nothing is remembered. @module */
import { denied, notFound, unmet } from "../error.ts";
import type { DraftEvent } from "../event.ts";
import {
  type Channel,
  ChannelKind,
  ChannelRole,
  type Membership,
  OPERATOR,
  ServerRole,
  type User,
} from "../model.ts";
import type { Context } from "./spec.ts";

/** Role of the caller on the server; the operator has an owner's. */
export function serverRole(context: Context): ServerRole {
  // The very object: callers without a session have the same number and no rights.
  if (context.principal === OPERATOR) return ServerRole.OWNER;
  return context.facts.user(context.principal.userId)?.role ?? ServerRole.MEMBER;
}

export function requireAdmin(context: Context): ServerRole {
  const role = serverRole(context);
  if (role < ServerRole.ADMIN) denied("Only admins may do this");
  return role;
}

/** The caller's account; the operator has none. */
export function requireAccount(context: Context): User {
  const user = context.facts.user(context.principal.userId);
  return user ?? unmet("Only users may do this: log in with an account");
}

export function requireUser(context: Context, userId: number): User {
  return context.facts.user(userId) ?? notFound("user");
}

/** A channel the caller is a member of, and their place in it. */
export interface Place {
  readonly channel: Channel;
  readonly role: ChannelRole;
}

/** The channel, through the caller's membership. Without one the channel does not exist for them. */
export function requireMember(context: Context, channelId: number): Place {
  const membership = context.facts.membership(channelId, context.principal.userId);
  const channel = membership && !membership.banned ? context.facts.channel(channelId) : undefined;
  return channel ? { channel, role: membership!.role } : notFound("channel");
}

/** Like {@link requireMember}, refusing archived channels. */
export function requireWriter(context: Context, channelId: number): Place {
  const place = requireMember(context, channelId);
  if (place.channel.archived) unmet("The channel is archived: nothing can be written in it");
  return place;
}

/**
 * The channel, for managing it: admins of the server act as owners of public
 * channels, also without being members; private channels are their members' alone.
 */
export function requireManager(context: Context, channelId: number, atLeast: ChannelRole): Place {
  const place = managedPlace(context, channelId);
  if (place.channel.kind === ChannelKind.DIRECT) unmet("A direct conversation cannot be changed");
  if (place.role < atLeast) {
    denied(`Only ${atLeast === ChannelRole.OWNER ? "owners" : "moderators"} of the channel may do this`);
  }
  return place;
}

function managedPlace(context: Context, channelId: number): Place {
  const channel = context.facts.channel(channelId);
  if (channel?.kind === ChannelKind.PUBLIC && serverRole(context) >= ServerRole.ADMIN) {
    return { channel, role: ChannelRole.OWNER };
  }
  return requireMember(context, channelId);
}

/** Whether a place in a channel lets its holder in. */
export function isMember(
  membership: Membership | undefined,
): membership is Membership & { readonly banned: false } {
  return membership !== undefined && !membership.banned;
}

/** Refuses one channel too many. */
export function requireRoomFor(context: Context, userId: number): void {
  if (context.facts.channelCount(userId) >= context.limits.channelsPerUser) {
    unmet(`At most ${context.limits.channelsPerUser} channels for one user: leave another first`);
  }
}

/** The two events that make somebody a member: one for the channel, one for the user. */
export function joinEvents(channelId: number, userId: number, role: ChannelRole): DraftEvent[] {
  return [
    { stream: channelId, body: { case: "memberJoined", value: { userId, role } } },
    { stream: userId, body: { case: "channelGained", value: { channelId, role } } },
  ];
}
