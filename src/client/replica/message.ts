/** What events do to a message. Messages are never changed in place. @module */
import type { Event, Message, Reaction } from "../../wire/client_codec.ts";

type Body<C extends Event["body"]["case"]> = Extract<Event["body"], { case: C }>["value"];

export function sentMessage(event: Event, body: Body<"messageSent">): Message {
  return {
    $typeName: "rookery.v1.Message",
    channelId: event.stream,
    seq: event.seq,
    authorId: event.actorId,
    timeMs: event.timeMs,
    text: body.text,
    replyTo: body.replyTo,
    mentionIds: body.mentionIds,
    mentionChannel: body.mentionChannel,
    editedMs: 0,
    deleted: false,
    reactions: [],
  };
}

export function edited(message: Message, event: Event, body: Body<"messageEdited">): Message {
  if (message.deleted) return message;
  const { text, mentionIds, mentionChannel } = body;
  return { ...message, text, mentionIds, mentionChannel, editedMs: event.timeMs };
}

/** The tombstone. */
export function deleted(message: Message): Message {
  return {
    ...message,
    text: "",
    mentionIds: [],
    mentionChannel: false,
    editedMs: 0,
    deleted: true,
    reactions: [],
  };
}

export function withReaction(message: Message, emoji: string, userId: number): Message {
  if (message.deleted) return message;
  const reactions = message.reactions.some((reaction) => reaction.emoji === emoji)
    ? message.reactions.map((reaction) =>
      reaction.emoji !== emoji || reaction.userIds.includes(userId)
        ? reaction
        : { ...reaction, userIds: [...reaction.userIds, userId] }
    )
    : [...message.reactions, newReaction(emoji, userId)];
  return { ...message, reactions };
}

export function withoutReaction(message: Message, emoji: string, userId: number): Message {
  const reactions = message.reactions
    .map((reaction) =>
      reaction.emoji === emoji
        ? { ...reaction, userIds: reaction.userIds.filter((id) => id !== userId) }
        : reaction
    )
    .filter((reaction) => reaction.userIds.length > 0);
  return { ...message, reactions };
}

function newReaction(emoji: string, userId: number): Reaction {
  return { $typeName: "rookery.v1.Reaction", emoji, userIds: [userId] };
}
