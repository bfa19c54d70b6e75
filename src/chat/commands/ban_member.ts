import { ChannelRole, LeaveReason } from "../model.ts";
import { DONE } from "../reply.ts";
import { leaveEvents, requireOutranks } from "./remove_member.ts";
import { isMember, requireManager, requireUser } from "./rules.ts";
import { write } from "./spec.ts";

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
