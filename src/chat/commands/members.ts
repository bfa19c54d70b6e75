/** Who is in a channel and with which role. A channel always has an owner who can act. @module */
import { denied, invalid, notFound, unmet } from "../error.ts";
import type { DraftEvent } from "../event.ts";
import { ChannelKind, ChannelRole, LeaveReason, type Membership, type User } from "../model.ts";
import { DONE } from "../reply.ts";
import {
  beforeStore,
  isMember,
  joinEvents,
  type Place,
  requireAccount,
  requireManager,
  requireMember,
  requirePlace,
  requireRoomFor,
  requireRoomToAdd,
  requireUser,
  spend,
} from "./authorisation.ts";
import { channelResult } from "./channels.ts";
import { type Context, page, read, write } from "./definition.ts";

const ONLY_OWNER = "That is the channel's only owner: make somebody else an owner first";

/** Whether the user is the only owner of the channel whose account is not disabled. */
function isOnlyOwner(context: Pick<Context, "facts">, channelId: number, userId: number): boolean {
  const able = context.facts.channelOwners(channelId).filter((id) => !context.facts.user(id)?.disabled);
  return able.length === 1 && able[0] === userId;
}

/** Whether the user's going would leave others in the channel without an owner. */
export function leavesOthersAlone(
  context: Pick<Context, "facts">,
  channelId: number,
  userId: number,
): boolean {
  if (!isOnlyOwner(context, channelId, userId)) return false;
  return context.facts.someMember(channelId, (id) => id !== userId && !context.facts.user(id)?.disabled);
}

/**
 * Owners for the user's channels whose owners are all disabled, once the user's
 * account is as given: the moderator, or else the member, with the oldest account.
 */
export function successionEvents(context: Context, user: User): DraftEvent[] {
  const { facts } = context;
  const able = (id: number) => !(id === user.id ? user : facts.user(id))?.disabled;
  const events: DraftEvent[] = [];
  for (const channelId of facts.channelIds(user.id)) {
    if (facts.channel(channelId)?.kind === ChannelKind.DIRECT) continue;
    const owners = facts.channelOwners(channelId);
    if (owners.length === 0 || owners.some(able)) continue;
    const [heir] = facts.members(channelId)
      .filter(({ userId }) => able(userId))
      .sort((a, b) => b.role - a.role || a.userId - b.userId);
    if (!heir) continue;
    const value = { userId: heir.userId, role: ChannelRole.OWNER };
    events.push({ stream: channelId, body: { case: "memberRoleChanged", value } });
  }
  return events;
}

export const joinChannel = write<"joinChannel">({
  first: "memberJoined",
  decide({ channelId }, context) {
    const { id: userId } = requireAccount(context);
    // Both are looked up in any case: time must not tell a private channel from none.
    const channel = context.facts.channel(channelId);
    const membership = context.facts.membership(channelId, userId);
    if (channel && isMember(membership)) {
      return { events: [], unchanged: { case: "channel", value: channel } };
    }
    if (channel?.kind !== ChannelKind.PUBLIC) notFound("channel");
    if (membership?.banned) denied("You are banned from this channel");
    if (channel.archived) unmet("The channel is archived: nobody can join");
    requireRoomFor(context, userId);
    return { events: joinEvents(channelId, userId, ChannelRole.MEMBER) };
  },
  result: channelResult,
});

export const leaveChannel = write<"leaveChannel">({
  first: "memberLeft",
  decide({ channelId }, context) {
    const { channel } = requireMember(context, channelId);
    if (channel.kind === ChannelKind.DIRECT) unmet("A direct conversation cannot be left");
    if (leavesOthersAlone(context, channelId, context.principal.userId)) {
      unmet("You are the channel's only owner: make somebody else an owner first");
    }
    return { events: leaveEvents(channelId, context.principal.userId, LeaveReason.LEFT) };
  },
});

export const addMember = write<"addMember">({
  first: "memberJoined",
  decide({ channelId, userId }, context) {
    const { channel, role } = requireManager(context, channelId, ChannelRole.MEMBER);
    if (channel.archived) unmet("The channel is archived: nobody can be added");
    if (requireUser(context, userId).disabled) unmet("The account is disabled");
    const membership = context.facts.membership(channelId, userId);
    if (isMember(membership)) return { events: [], unchanged: DONE };
    if (membership?.banned) {
      denied(
        role >= ChannelRole.MODERATOR
          ? "The user is banned from this channel: lift the ban first"
          : `The user cannot be added to this ${
            channel.kind === ChannelKind.PUBLIC ? "" : "private "
          }channel`,
      );
    }
    requireRoomToAdd(context, userId);
    spend(context, "members");
    return { events: joinEvents(channelId, userId, ChannelRole.MEMBER) };
  },
});

export const removeMember = write<"removeMember">({
  first: "memberLeft",
  decide({ channelId, userId }, context) {
    const place = requireManager(context, channelId, ChannelRole.MODERATOR);
    const membership = context.facts.membership(channelId, userId);
    if (!isMember(membership)) notFound("member");
    requireOutranks(context, place, membership);
    return { events: leaveEvents(channelId, userId, LeaveReason.REMOVED) };
  },
});

/** Refuses action against oneself, members of the same or a higher role, and the only owner. */
function requireOutranks(context: Context, place: Place, target: Membership): void {
  if (target.userId === context.principal.userId) invalid("That is you: leave the channel instead");
  if (isMember(target) && target.role >= place.role && place.role < ChannelRole.OWNER) {
    denied("You may only do this to members with a lower role than yours");
  }
  if (leavesOthersAlone(context, place.channel.id, target.userId)) unmet(ONLY_OWNER);
}

/** The two events that end a membership: one for the channel, one for the user. */
function leaveEvents(channelId: number, userId: number, reason: LeaveReason): DraftEvent[] {
  return [
    { stream: channelId, body: { case: "memberLeft", value: { userId, reason } } },
    { stream: userId, body: { case: "channelLost", value: { channelId, reason } } },
  ];
}

export const banMember = write<"banMember">({
  first: "memberLeft",
  decide({ channelId, userId }, context) {
    const place = requireManager(context, channelId, ChannelRole.MODERATOR);
    requireUser(context, userId);
    const membership = context.facts.membership(channelId, userId);
    if (membership?.banned) return { events: [], unchanged: DONE };
    const stranger = { channelId, userId, role: ChannelRole.MEMBER, banned: true, added: false, readSeq: 0 };
    requireOutranks(context, place, membership ?? stranger);
    const [left, lost] = leaveEvents(channelId, userId, LeaveReason.BANNED);
    return { events: isMember(membership) ? [left!, lost!] : [left!] };
  },
});

export const unbanMember = write<"unbanMember">({
  first: "memberUnbanned",
  decide({ channelId, userId }, context) {
    requireManager(context, channelId, ChannelRole.MODERATOR);
    if (!context.facts.membership(channelId, userId)?.banned) notFound("ban");
    return { events: [{ stream: channelId, body: { case: "memberUnbanned", value: { userId } } }] };
  },
});

export const setMemberRole = write<"setMemberRole">({
  first: "memberRoleChanged",
  decide({ channelId, userId, role }, context) {
    requireManager(context, channelId, ChannelRole.OWNER);
    if (role !== ChannelRole.MEMBER && role !== ChannelRole.MODERATOR && role !== ChannelRole.OWNER) {
      invalid("Role not known: use member, moderator or owner");
    }
    const membership = context.facts.membership(channelId, userId);
    if (!isMember(membership)) notFound("member");
    if (membership.role === role) return { events: [], unchanged: DONE };
    if (isOnlyOwner(context, channelId, userId)) unmet(ONLY_OWNER);
    return {
      events: [{ stream: channelId, body: { case: "memberRoleChanged", value: { userId, role } } }],
      // The only owner cannot leave before there is another one.
      grows: () => false,
    };
  },
});

export const listMembers = read<"listMembers">({
  run({ channelId, after, limit }, context) {
    requirePlace(context, channelId);
    requirePlace(beforeStore(context), channelId);
    const found = page(
      limit,
      context.limits,
      (rows) => context.reader.members(channelId, { after, limit: rows, banned: false }),
    );
    return { case: "memberPage", value: { members: found.rows, more: found.more } };
  },
});

export const listBans = read<"listBans">({
  run({ channelId, after, limit }, context) {
    requireManager(context, channelId, ChannelRole.MODERATOR);
    requireManager(beforeStore(context), channelId, ChannelRole.MODERATOR);
    const found = page(
      limit,
      context.limits,
      (rows) => context.reader.members(channelId, { after, limit: rows, banned: true }),
    );
    return { case: "memberPage", value: { members: found.rows, more: found.more } };
  },
});
