import { DONE } from "../reply.ts";
import { checkEmoji } from "../text.ts";
import { requireMessage } from "./messages.ts";
import { requireWriter } from "./rules.ts";
import { write } from "./spec.ts";

export const removeReaction = write<"removeReaction">({
  first: "reactionRemoved",
  check: (body, limits) => checkEmoji(body.emoji, limits),
  decide({ channelId, messageSeq, emoji }, context) {
    const { channel } = requireWriter(context, channelId);
    requireMessage(context, channel, messageSeq);
    const { userId } = context.principal;
    const { mine } = context.facts.reactionFacts(channelId, messageSeq, { userId, emoji });
    if (!mine) return { events: [], unchanged: DONE };
    return {
      events: [{ stream: channelId, body: { case: "reactionRemoved", value: { messageSeq, emoji } } }],
    };
  },
});
