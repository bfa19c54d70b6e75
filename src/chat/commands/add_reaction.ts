import { unmet } from "../error.ts";
import { DONE } from "../reply.ts";
import { checkEmoji } from "../text.ts";
import { requireMessage } from "./messages.ts";
import { requireWriter } from "./rules.ts";
import { write } from "./spec.ts";

export const addReaction = write<"addReaction">({
  first: "reactionAdded",
  check: (body, limits) => checkEmoji(body.emoji, limits),
  decide({ channelId, messageSeq, emoji }, context) {
    const { channel } = requireWriter(context, channelId);
    requireMessage(context, channel, messageSeq);
    const { userId } = context.principal;
    const { mine, total } = context.facts.reactionFacts(channelId, messageSeq, { userId, emoji });
    if (mine) return { events: [], unchanged: DONE };
    if (total >= context.limits.reactionsPerMessage) {
      // Not resource_exhausted, which clients take for "later": it would be sent again for ever.
      unmet(`At most ${context.limits.reactionsPerMessage} different reactions under one message`);
    }
    return { events: [{ stream: channelId, body: { case: "reactionAdded", value: { messageSeq, emoji } } }] };
  },
});
