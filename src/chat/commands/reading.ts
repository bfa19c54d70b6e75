/** How far somebody has read. @module */
import { DONE } from "../reply.ts";
import { requireMember } from "./authorisation.ts";
import { write } from "./definition.ts";

export const markRead = write<"markRead">({
  first: "readMoved",
  decide({ channelId, seq }, context) {
    requireMember(context, channelId);
    const { userId } = context.principal;
    const upTo = Math.min(seq, context.publishedHead(channelId));
    const membership = context.facts.membership(channelId, userId);
    if (upTo <= (membership?.readSeq ?? 0)) return { events: [], unchanged: DONE };
    return { events: [{ stream: userId, body: { case: "readMoved", value: { channelId, seq: upTo } } }] };
  },
});
