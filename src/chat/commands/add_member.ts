import { denied, unmet } from "../error.ts";
import { ChannelKind, ChannelRole } from "../model.ts";
import { DONE } from "../reply.ts";
import { isMember, joinEvents, requireManager, requireRoomToAdd, requireUser, spend } from "./rules.ts";
import { write } from "./spec.ts";

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
