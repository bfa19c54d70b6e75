import { checkMessageText } from "../text.ts";
import { readMessageText, requireMessage, workOfMessage } from "./messages.ts";
import { requireWriter } from "./rules.ts";
import { write } from "./spec.ts";

export const sendMessage = write<"sendMessage">({
  first: "messageSent",
  check: (body, limits) => checkMessageText(body.text, limits),
  foreseen: workOfMessage,
  decide(body, context) {
    const place = requireWriter(context, body.channelId);
    if (body.replyTo !== 0) requireMessage(context, place.channel, body.replyTo);
    const value = { ...readMessageText(context, place, body.text), replyTo: body.replyTo };
    return { events: [{ stream: body.channelId, body: { case: "messageSent", value } }] };
  },
});
