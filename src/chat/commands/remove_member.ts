import { denied, invalid, notFound, unmet } from "../error.ts";
import type { DraftEvent } from "../event.ts";
import { ChannelRole, LeaveReason, type Membership } from "../model.ts";
import { leavesOthersAlone, ONLY_OWNER } from "./owners.ts";
import { isMember, type Place, requireManager } from "./rules.ts";
import { type Context, write } from "./spec.ts";

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
export function requireOutranks(context: Context, place: Place, target: Membership): void {
  if (target.userId === context.principal.userId) invalid("That is you: leave the channel instead");
  if (isMember(target) && target.role >= place.role && place.role < ChannelRole.OWNER) {
    denied("You may only do this to members with a lower role than yours");
  }
  if (leavesOthersAlone(context, place.channel.id, target.userId)) unmet(ONLY_OWNER);
}

/** The two events that end a membership: one for the channel, one for the user. */
export function leaveEvents(channelId: number, userId: number, reason: LeaveReason): DraftEvent[] {
  return [
    { stream: channelId, body: { case: "memberLeft", value: { userId, reason } } },
    { stream: userId, body: { case: "channelLost", value: { channelId, reason } } },
  ];
}
