/** What is in the composer, beyond its letters. @module */
import type { Message, MessageRef } from "../../../client/mod.ts";
import type { Chat } from "../shell/chat.ts";
import { EMPTY } from "./drafts.ts";
import { attempt } from "../shell/notices.ts";

/** The next message answers this one. */
export function answer(chat: Chat, channelId: number, seq: number): void {
  const draft = chat.drafts.get(channelId);
  const kept = draft.editSeq > 0 ? draft.aside ?? EMPTY : draft;
  chat.drafts.set(channelId, { ...kept, replyTo: seq });
  focusComposer();
}

/** Gives the message a new text; what was being written comes back afterwards. */
export function edit(chat: Chat, { channelId, seq, text }: Message): void {
  const draft = chat.drafts.get(channelId);
  const aside = draft.editSeq > 0 ? draft.aside : draft;
  chat.drafts.set(channelId, { text, replyTo: 0, editSeq: seq, before: text, aside });
  focusComposer();
}

/** The newest message of the user's own among those that are loaded. */
export function editLast(chat: Chat): boolean {
  const me = chat.client.replica.me?.id;
  const room = chat.room.peek();
  if (!room) return false;
  const changes = chat.changes.in(room.channelId);
  const last = chat.changes.applied(room.messages).findLast(({ authorId, deleted, seq }) =>
    authorId === me && !deleted && !changes.get(seq)?.deleted
  );
  if (last) edit(chat, last);
  return last !== undefined;
}

/** Gives up what was begun, one step at a time; false when there was nothing. */
export function cancel(chat: Chat, channelId: number): boolean {
  const draft = chat.drafts.get(channelId);
  if (draft.editSeq > 0) chat.drafts.set(channelId, draft.aside ?? EMPTY);
  else if (draft.replyTo > 0) chat.drafts.set(channelId, { ...draft, replyTo: 0 });
  else return false;
  return true;
}

/** Deletes a message. Whoever has emptied it for that is done with editing it. */
export function remove(chat: Chat, { channelId, seq }: MessageRef): void {
  const draft = chat.drafts.get(channelId);
  if (draft.editSeq === seq && draft.text.trim() === "") chat.drafts.set(channelId, draft.aside ?? EMPTY);
  // What becomes of it is heard through the outbox.
  chat.client.deleteMessage({ channelId, seq }).catch(() => {});
}

/** Puts the emoji under the message, or takes it back. */
export function react(chat: Chat, message: Message, emoji: string): void {
  const me = chat.client.replica.me?.id ?? 0;
  const mine = message.reactions.some((reaction) =>
    reaction.emoji === emoji && reaction.userIds.includes(me)
  );
  const { client } = chat;
  const change = mine ? client.removeReaction(message, emoji) : client.addReaction(message, emoji);
  change.catch(() => {});
}

/** Pins the message to its channel, or takes the pin away. */
export function togglePin({ client }: Chat, message: Message): void {
  void attempt(message.pinned ? client.unpinMessage(message) : client.pinMessage(message));
}

/** Sends what is in the composer. */
export function submit(chat: Chat, channelId: number): void {
  const draft = chat.drafts.get(channelId);
  const text = draft.text.trimEnd();
  if (text.trim() === "") return;
  if (draft.editSeq > 0) {
    chat.drafts.set(channelId, draft.aside ?? EMPTY);
    chat.client.editMessage({ channelId, seq: draft.editSeq }, text).catch(() => {});
    return;
  }
  chat.drafts.set(channelId, EMPTY);
  chat.outgoing.send(channelId, text, draft.replyTo);
  const room = chat.room.peek();
  room?.line.clear();
  void room?.showNewest();
}

export function focusComposer(): void {
  // After the drawing, which is queued, and before the next key: a frame may be long in coming.
  queueMicrotask(() => {
    const composer = document.getElementById("composer") as HTMLTextAreaElement | null;
    composer?.focus();
    composer?.setSelectionRange(composer.value.length, composer.value.length);
  });
}
