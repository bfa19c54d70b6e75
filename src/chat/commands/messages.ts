/** Messages: sent, edited, deleted, read page by page. @module */
import { EVERYBODY, namesOf } from "../../text/mention.ts";
import { mentionsIn } from "../../text/mentions.ts";
import { messageBytesOf } from "../allowances.ts";
import { denied, notFound, unmet } from "../error.ts";
import type { MessageText } from "../event.ts";
import {
  type Channel,
  ChannelKind,
  ChannelRole,
  type Message,
  type MessageFacts,
  type User,
} from "../model.ts";
import type { HistoryPosition } from "../ports.ts";
import { checkMessageText, utf8Length } from "../validation.ts";
import { workOfAudience } from "../work.ts";
import {
  beforeStore,
  isMember,
  type Place,
  requireMember,
  requireOpen,
  requirePlace,
  requireWriter,
} from "./authorisation.ts";
import { type Context, read, wantedRows, write } from "./definition.ts";

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
function readMessageText(context: Context, place: Place, text: string): MessageText {
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

export const getHistory = read<"getHistory">({
  run({ channelId, position, limit }, context) {
    requireMember(context, channelId);
    requireMember(beforeStore(context), channelId);
    const headSeq = context.publishedHead(channelId);
    if (position.case === "around") {
      return around({ channelId, seq: position.value, limit, headSeq }, context);
    }
    const wanted = wantedRows(limit, context.limits);
    const found = side(context, {
      channelId,
      wanted,
      bytes: context.limits.pageBytes,
      position: lookup(position),
    });
    const { moreBefore, moreAfter } = beyond(context, { channelId, position, more: found.more });
    return { case: "messagePage", value: { messages: found.rows, moreBefore, moreAfter, headSeq } };
  },
});

/** What lies on both sides of a page: at its far end as it was read, at its near end as it is. */
function beyond(
  context: Context,
  { channelId, position, more }: { channelId: number; position: OneSided; more: boolean },
): { moreBefore: boolean; moreAfter: boolean } {
  const exists = (near: HistoryPosition) => context.reader.history(channelId, 1, near).length > 0;
  switch (position.case) {
    case "after":
      return { moreBefore: exists({ before: position.value + 1 }), moreAfter: more };
    case "before":
      return { moreBefore: more, moreAfter: exists({ after: Math.max(0, position.value - 1) }) };
    default:
      return { moreBefore: more, moreAfter: false };
  }
}

interface Around {
  channelId: number;
  seq: number;
  limit: number;
  headSeq: number;
}

function around({ channelId, seq, limit, headSeq }: Around, context: Context) {
  const wanted = wantedRows(limit, context.limits);
  const bytes = context.limits.pageBytes / 2;
  const olderLimit = Math.floor(wanted / 2);
  const older = olderLimit === 0
    ? { rows: [], more: context.reader.history(channelId, 1, { before: seq }).length > 0 }
    : side(context, { channelId, wanted: olderLimit, bytes, position: { before: seq } });
  const newerLimit = wanted - olderLimit;
  const newer = side(context, {
    channelId,
    wanted: newerLimit,
    bytes,
    position: { after: Math.max(0, seq - 1) },
  });
  const messages = [...older.rows, ...newer.rows];
  return {
    case: "messagePage",
    value: { messages, moreBefore: older.more, moreAfter: newer.more, headSeq },
  } as const;
}

type OneSided = { case: "before" | "after"; value: number } | { case: undefined };

function lookup(position: OneSided): HistoryPosition | undefined {
  if (position.case === undefined) return undefined;
  return position.case === "before" ? { before: position.value } : { after: position.value };
}

interface Side {
  channelId: number;
  wanted: number;
  bytes: number;
  position: HistoryPosition | undefined;
}

/** A page on one side of a position, oldest first; what is too much is cut off at the far end. */
function side(
  { reader }: Context,
  { channelId, wanted, bytes, position }: Side,
): { rows: Message[]; more: boolean } {
  const found = reader.history(channelId, wanted + 1, position);
  const forwards = position !== undefined && "after" in position;
  const kept = countWithin(forwards ? found : found.toReversed(), { wanted, bytes });
  return {
    rows: forwards ? found.slice(0, kept) : found.slice(found.length - kept),
    more: kept < found.length,
  };
}

/** How many of the first messages make a page: one in any case, however large it is. */
function countWithin(messages: Message[], { wanted, bytes }: { wanted: number; bytes: number }): number {
  let total = 0;
  const end = messages.findIndex((message, at) => {
    total += weighMessage(message);
    return at === wanted || (at > 0 && total > bytes);
  });
  return end < 0 ? messages.length : end;
}

/** Bytes of a message on the wire, roughly. */
export function weighMessage({ text, reactions }: Message): number {
  const reacted = reactions.reduce(
    (sum, { emoji, userIds }) => sum + 3 * emoji.length + 3 * userIds.length,
    0,
  );
  return 32 + utf8Length(text) + reacted;
}
