import { emojiSpellings } from "../../text/emoji.ts";
import { DONE } from "../reply.ts";
import { normalEmoji } from "../text.ts";
import { requireMessage, workOfMessage } from "./messages.ts";
import { requireWriter } from "./rules.ts";
import { write } from "./spec.ts";

export const removeReaction = write<"removeReaction">({
  first: "reactionRemoved",
  foreseen: workOfMessage,
  check: (body, limits) => void normalEmoji(body.emoji, limits),
  decide({ channelId, messageSeq, ...body }, context) {
    const { channel } = requireWriter(context, channelId);
    requireMessage(context, channel, messageSeq);
    const { userId } = context.principal;
    const emoji = normalEmoji(body.emoji, context.limits);
    const held = emojiSpellings(emoji).filter((spelling) =>
      context.facts.reactionFacts(channelId, messageSeq, { userId, emoji: spelling }).mine
    );
    if (held.length === 0) return { events: [], unchanged: DONE };
    // The canonical one in any case: under that name clients show it, however it was stored.
    return {
      events: [...new Set([emoji, ...held])].map((spelling) => ({
        stream: channelId,
        body: { case: "reactionRemoved", value: { messageSeq, emoji: spelling } },
      })),
    };
  },
});
