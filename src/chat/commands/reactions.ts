/** Reactions to messages. @module */
import { emojiSpellings } from "../../text/emoji.ts";
import { unmet } from "../error.ts";
import { DONE } from "../reply.ts";
import { normalEmoji } from "../validation.ts";
import { requireWriter } from "./authorisation.ts";
import { write } from "./definition.ts";
import { requireMessage, workOfMessage } from "./messages.ts";

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
