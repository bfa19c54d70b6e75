import { unmet } from "../error.ts";
import { ChannelKind, ChannelRole, LeaveReason } from "../model.ts";
import { leaveEvents } from "./remove_member.ts";
import { requireMember } from "./rules.ts";
import { write } from "./spec.ts";

export const leaveChannel = write<"leaveChannel">({
  first: "memberLeft",
  decide({ channelId }, context) {
    const { channel, role } = requireMember(context, channelId);
    if (channel.kind === ChannelKind.DIRECT) unmet("A direct conversation cannot be left");
    const { owners, members } = context.facts.memberCounts(channelId);
    if (role === ChannelRole.OWNER && owners === 1 && members > 1) {
      unmet("You are the channel's only owner: make somebody else an owner first");
    }
    return { events: leaveEvents(channelId, context.principal.userId, LeaveReason.LEFT) };
  },
});
