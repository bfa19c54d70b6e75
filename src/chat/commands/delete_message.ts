import { denied } from "../error.ts";
import { ChannelKind, ChannelRole } from "../model.ts";
import { requireMessage, workOfMessage } from "./messages.ts";
import { requireOpen, requirePlace } from "./rules.ts";
import { write } from "./spec.ts";

export const deleteMessage = write<"deleteMessage">({
  first: "messageDeleted",
  foreseen: workOfMessage,
  decide(body, context) {
    const { channel, role } = requireOpen(requirePlace(context, body.channelId));
    const message = requireMessage(context, channel, body.messageSeq);
    const moderates = role >= ChannelRole.MODERATOR && channel.kind !== ChannelKind.DIRECT;
    if (message.authorId !== context.principal.userId && !moderates) {
      denied("Only its author and moderators may delete a message");
    }
    const value = { messageSeq: body.messageSeq };
    return { events: [{ stream: body.channelId, body: { case: "messageDeleted", value } }] };
  },
});
