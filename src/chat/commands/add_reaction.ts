import { emojiSpellings } from "../../text/emoji.ts";
import { unmet } from "../error.ts";
import { DONE } from "../reply.ts";
import { normalEmoji } from "../text.ts";
import { requireMessage, workOfMessage } from "./messages.ts";
import { requireWriter } from "./rules.ts";
import { write } from "./spec.ts";

export const addReaction = write<"addReaction">({
  first: "reactionAdded",
  foreseen: workOfMessage,
  check: (body, limits) => void normalEmoji(body.emoji, limits),
  decide({ channelId, messageSeq, ...body }, context) {
    const { channel } = requireWriter(context, channelId);
    requireMessage(context, channel, messageSeq);
    const { userId } = context.principal;
    const emoji = normalEmoji(body.emoji, context.limits);
    const facts = emojiSpellings(emoji).map((spelling) =>
      context.facts.reactionFacts(channelId, messageSeq, { userId, emoji: spelling })
    );
    if (facts.some(({ mine }) => mine)) return { events: [], unchanged: DONE };
    if (facts[0]!.total >= context.limits.reactionsPerMessage) {
      // Not resource_exhausted, which clients take for "later": it would be sent again for ever.
      unmet(`At most ${context.limits.reactionsPerMessage} different reactions under one message`);
    }
    return { events: [{ stream: channelId, body: { case: "reactionAdded", value: { messageSeq, emoji } } }] };
  },
});
