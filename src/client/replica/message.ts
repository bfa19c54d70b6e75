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
    pinned: false,
  };
}

function edited(message: Message, event: Event, body: Body<"messageEdited">): Message {
  if (message.deleted) return message;
  const { text, mentionIds, mentionChannel } = body;
  return { ...message, text, mentionIds, mentionChannel, editedMs: event.timeMs };
}

/** The tombstone. */
function deleted(message: Message): Message {
  return {
    ...message,
    text: "",
    mentionIds: [],
    mentionChannel: false,
    editedMs: 0,
    deleted: true,
    reactions: [],
    pinned: false,
  };
}

function withReaction(message: Message, emoji: string, userId: number): Message {
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

function withoutReaction(message: Message, emoji: string, userId: number): Message {
  const reactions = message.reactions
    .map((reaction) =>
      reaction.emoji === emoji
        ? { ...reaction, userIds: reaction.userIds.filter((id) => id !== userId) }
        : reaction
    )
    .filter((reaction) => reaction.userIds.length > 0);
  return { ...message, reactions };
}

/**
 * What an event of their channel makes of messages, ascending; undefined when
 * it changes none of them. The message that it brings comes last.
 */
export function foldEvent(messages: readonly Message[], event: Event): Message[] | undefined {
  const { body } = event;
  if (body.case === "messageSent") return [...messages, sentMessage(event, body.value)];
  const fold = folding(event);
  if (!fold) return undefined;
  const at = messages.findIndex((message) => message.seq === fold.messageSeq);
  const before = messages[at];
  const after = before && fold.change(before);
  return after === before ? undefined : messages.with(at, after!);
}

/** Which message an event changes, and how; undefined when it is about something else. */
export function folding(
  event: Event,
):
  | {
    messageSeq: number;
    kind: "edited" | "deleted" | "reacted" | "pinned";
    change(message: Message): Message;
  }
  | undefined {
  const { body, actorId } = event;
  switch (body.case) {
    case "messageEdited": {
      const { value } = body;
      const { messageSeq } = value;
      return { messageSeq, kind: "edited", change: (message) => edited(message, event, value) };
    }
    case "messageDeleted":
      return { messageSeq: body.value.messageSeq, kind: "deleted", change: deleted };
    case "reactionAdded": {
      const { messageSeq, emoji } = body.value;
      return { messageSeq, kind: "reacted", change: (message) => withReaction(message, emoji, actorId) };
    }
    case "reactionRemoved": {
      const { messageSeq, emoji } = body.value;
      return { messageSeq, kind: "reacted", change: (message) => withoutReaction(message, emoji, actorId) };
    }
    case "messagePinned":
    case "messageUnpinned": {
      const pinned = body.case === "messagePinned";
      return {
        messageSeq: body.value.messageSeq,
        kind: "pinned",
        change: (message) => withPin(message, pinned),
      };
    }
    default:
      return undefined;
  }
}

function withPin(message: Message, pinned: boolean): Message {
  return message.deleted || message.pinned === pinned ? message : { ...message, pinned };
}

function newReaction(emoji: string, userId: number): Reaction {
  return { $typeName: "rookery.v1.Reaction", emoji, userIds: [userId] };
}
