/** What a client makes of one channel: nothing but events and pages, folded. @module */
import type { Event } from "../../../src/chat/event.ts";
import type { Channel, ChannelRole, ChannelView, Message } from "../../../src/chat/model.ts";

/** The whole state of one channel on one device. */
export class ChannelFold {
  readonly messages = new Map<number, Message>();
  channel: Channel;
  role: ChannelRole;
  readSeq: number;
  /** Messages up to here are known only by pages; 0 when all came as events. */
  baseSeq: number;
  readonly #me: number;

  constructor(view: ChannelView, me: number) {
    this.channel = view.channel;
    this.role = view.role;
    this.readSeq = view.readSeq;
    this.baseSeq = view.headSeq;
    this.#me = me;
  }

  /** Begins anew after `headSeq`. */
  reload(headSeq: number): void {
    this.messages.clear();
    this.baseSeq = headSeq;
  }

  refresh({ channel, role, readSeq }: ChannelView): void {
    this.channel = channel;
    this.role = role;
    this.readSeq = readSeq;
  }

  merge(messages: readonly Message[]): void {
    for (const message of messages) this.messages.set(message.seq, message);
  }

  apply(event: Event): void {
    const { body, stream: channelId, seq, timeMs, actorId: authorId } = event;
    switch (body.case) {
      case "messageSent": {
        const nothing = { editedMs: 0, deleted: false, reactions: [], pinned: false };
        this.messages.set(seq, { channelId, seq, authorId, timeMs, ...body.value, ...nothing });
        return;
      }
      case "messageEdited": {
        const { messageSeq, ...text } = body.value;
        return this.#change(messageSeq, (message) => ({ ...message, ...text, editedMs: timeMs }));
      }
      case "messageDeleted": {
        const gone = {
          text: "",
          mentionIds: [],
          mentionChannel: false,
          editedMs: 0,
          reactions: [],
          pinned: false,
        };
        return this.#change(
          body.value.messageSeq,
          (message) => ({ ...message, ...gone, deleted: true }),
        );
      }
      case "reactionAdded":
      case "reactionRemoved":
        return this.#change(
          body.value.messageSeq,
          (message) => react(message, body.value.emoji, authorId, body.case === "reactionAdded"),
        );
      case "messagePinned":
      case "messageUnpinned": {
        const pinned = body.case === "messagePinned";
        return this.#change(body.value.messageSeq, (message) => ({ ...message, pinned }));
      }
      case "channelCreated":
      case "channelUpdated":
        this.channel = body.value.channel;
        return;
      case "memberJoined":
      case "memberRoleChanged":
        if (body.value.userId === this.#me) this.role = body.value.role;
        return;
    }
  }

  #change(seq: number, change: (message: Message) => Message): void {
    const message = this.messages.get(seq);
    if (message && !message.deleted) this.messages.set(seq, change(message));
  }
}

function react(message: Message, emoji: string, userId: number, added: boolean): Message {
  const pairs = message.reactions.flatMap((old) => old.userIds.map((id) => ({ emoji: old.emoji, id })));
  const there = pairs.some((pair) => pair.emoji === emoji && pair.id === userId);
  if (added === there) return message;
  if (!added) {
    const reactions = message.reactions
      .map((old) => old.emoji === emoji ? { emoji, userIds: old.userIds.filter((id) => id !== userId) } : old)
      .filter(({ userIds }) => userIds.length > 0);
    return { ...message, reactions };
  }
  const known = message.reactions.some((old) => old.emoji === emoji);
  const reactions = known
    ? message.reactions.map((old) => old.emoji === emoji ? { emoji, userIds: [...old.userIds, userId] } : old)
    : [...message.reactions, { emoji, userIds: [userId] }];
  return { ...message, reactions };
}
