/** What the commands on messages share. @module */
import { notFound, unmet } from "../error.ts";
import type { MessageText } from "../event.ts";
import { type Channel, ChannelKind, ChannelRole, type MessageFacts } from "../model.ts";
import { mentionedNames } from "../text.ts";
import { isMember, type Place } from "./rules.ts";
import type { Context } from "./spec.ts";

/** A message that is still there. */
export function requireMessage(context: Context, channel: Channel, seq: number): MessageFacts {
  const facts = context.facts.messageFacts(channel.id, seq) ?? notFound("message");
  if (facts.deleted) unmet("The message was deleted");
  return facts;
}

/** The text with whom it mentions: members by name, and everybody if the author may. */
export function readMessageText(context: Context, place: Place, text: string): MessageText {
  const mentionIds: number[] = [];
  let mentionChannel = false;
  // Names that belong to nobody cost a look into the store as well.
  let lookups = 2 * context.limits.mentionsPerMessage;
  for (const name of mentionedNames(text)) {
    if (name === "channel") {
      mentionChannel = place.role >= ChannelRole.MODERATOR || place.channel.kind === ChannelKind.DIRECT;
      continue;
    }
    if (lookups-- <= 0 || mentionIds.length >= context.limits.mentionsPerMessage) continue;
    const user = context.facts.userByName(name);
    if (user && isMember(context.facts.membership(place.channel.id, user.id))) mentionIds.push(user.id);
  }
  return { text, mentionIds, mentionChannel };
}
