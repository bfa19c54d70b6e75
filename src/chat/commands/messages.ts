/** What the commands on messages share. @module */
import { EVERYBODY, namesOf } from "../../text/mention.ts";
import { mentionsIn } from "../../text/mentions.ts";
import { notFound, unmet } from "../error.ts";
import type { MessageText } from "../event.ts";
import { type Channel, ChannelKind, ChannelRole, type MessageFacts, type User } from "../model.ts";
import { workOfAudience } from "../work.ts";
import { isMember, type Place } from "./rules.ts";
import type { Context } from "./spec.ts";

/** A message that is still there. */
export function requireMessage(context: Context, channel: Channel, seq: number): MessageFacts {
  const facts = context.facts.messageFacts(channel.id, seq) ?? notFound("message");
  if (facts.deleted) unmet("The message was deleted");
  return facts;
}

/** Work of a character in which mentions are looked for, in reads of the store. */
const CHARACTER = 0.02;

/** Work of what is said in a channel: mentions are looked for, and all who are there are handed it. */
export function workOfMessage(
  { channelId, text = "" }: { readonly channelId: number; readonly text?: string },
  { facts, principal, audience }: Context,
): number {
  const work = text.includes("@") ? text.length * CHARACTER : 0;
  // How many are in a channel must not show in what it costs those who are not.
  if (!isMember(facts.membership(channelId, principal.userId))) return work;
  return work + workOfAudience(audience(channelId));
}

/** The text with whom it mentions: members by name, and everybody if the author may. */
export function readMessageText(context: Context, place: Place, text: string): MessageText {
  const mentions = mentionsIn(text);
  if (mentions.length === 0) return { text, mentionIds: [], mentionChannel: false };
  const mentionIds = new Set<number>();
  let mentionChannel = false;
  // Names that belong to nobody cost a look into the store as well.
  let lookups = 2 * context.limits.mentionsPerMessage;
  const member = (name: string): User | undefined => {
    if (lookups-- <= 0 || mentionIds.size >= context.limits.mentionsPerMessage) return undefined;
    const user = context.facts.userByName(name);
    return user && isMember(context.facts.membership(place.channel.id, user.id)) ? user : undefined;
  };
  for (const written of new Set(mentions.map(({ name }) => name))) {
    for (const name of namesOf(written)) {
      const user = name === EVERYBODY ? undefined : member(name);
      if (user) mentionIds.add(user.id);
      else if (name === EVERYBODY) mentionChannel = mayMentionEverybody(place);
      else continue;
      break;
    }
  }
  return { text, mentionIds: [...mentionIds], mentionChannel };
}

function mayMentionEverybody({ role, channel }: Place): boolean {
  return role >= ChannelRole.MODERATOR || channel.kind === ChannelKind.DIRECT;
}
