import { denied, notFound, unmet } from "../error.ts";
import { ChannelKind, ChannelRole } from "../model.ts";
import { channelResult } from "./create_channel.ts";
import { isMember, joinEvents, requireAccount, requireRoomFor } from "./rules.ts";
import { write } from "./spec.ts";

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
