import { invalid, notFound, unmet } from "../error.ts";
import { ChannelRole } from "../model.ts";
import { DONE } from "../reply.ts";
import { isOnlyOwner, ONLY_OWNER } from "./owners.ts";
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
    if (isOnlyOwner(context, channelId, userId)) unmet(ONLY_OWNER);
    return {
      events: [{ stream: channelId, body: { case: "memberRoleChanged", value: { userId, role } } }],
      // The only owner cannot leave before there is another one.
      grows: () => false,
    };
  },
});
