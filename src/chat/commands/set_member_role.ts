import { invalid, notFound, unmet } from "../error.ts";
import { ChannelRole } from "../model.ts";
import { DONE } from "../reply.ts";
import { isMember, requireManager } from "./rules.ts";
import { write } from "./spec.ts";

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
    if (membership.role === ChannelRole.OWNER && context.facts.memberCounts(channelId).owners === 1) {
      unmet("That is the channel's only owner: make somebody else an owner first");
    }
    return { events: [{ stream: channelId, body: { case: "memberRoleChanged", value: { userId, role } } }] };
  },
});
