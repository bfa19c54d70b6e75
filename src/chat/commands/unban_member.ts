import { notFound } from "../error.ts";
import { ChannelRole } from "../model.ts";
import { requireManager } from "./rules.ts";
import { write } from "./spec.ts";

export const unbanMember = write<"unbanMember">({
  first: "memberUnbanned",
  decide({ channelId, userId }, context) {
    requireManager(context, channelId, ChannelRole.MODERATOR);
    if (!context.facts.membership(channelId, userId)?.banned) notFound("ban");
    return { events: [{ stream: channelId, body: { case: "memberUnbanned", value: { userId } } }] };
  },
});
