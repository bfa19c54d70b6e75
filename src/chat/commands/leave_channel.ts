import { unmet } from "../error.ts";
import { ChannelKind, LeaveReason } from "../model.ts";
import { leavesOthersAlone } from "./owners.ts";
import { leaveEvents } from "./remove_member.ts";
import { requireMember } from "./rules.ts";
import { write } from "./spec.ts";

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
