import { messageBytesOf } from "../allowances.ts";
import { denied } from "../error.ts";
import { checkMessageText } from "../text.ts";
import { readMessageText, requireMessage, workOfMessage } from "./messages.ts";
import { requireWriter } from "./rules.ts";
import { write } from "./spec.ts";

export const editMessage = write<"editMessage">({
  first: "messageEdited",
  check: (body, limits) => checkMessageText(body.text, limits),
  foreseen: workOfMessage,
  decide(body, context) {
    const place = requireWriter(context, body.channelId);
    const message = requireMessage(context, place.channel, body.messageSeq);
    if (message.authorId !== context.principal.userId) denied("Only its author may edit a message");
    const value = { ...readMessageText(context, place, body.text), messageSeq: body.messageSeq };
    const standing = () => context.reader.history(body.channelId, 1, { after: body.messageSeq - 1 })[0]!;
    return {
      events: [{ stream: body.channelId, body: { case: "messageEdited", value } }],
      grows: () => messageBytesOf(value) > messageBytesOf(standing()),
    };
  },
});
