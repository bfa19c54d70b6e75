/** What is in the composer, beyond its letters. @module */
import { type Message, RookeryError } from "../../client/mod.ts";
import { t } from "../i18n/i18n.ts";
import { refusal } from "../i18n/refusal.ts";
import type { Chat } from "./chat.ts";
import { EMPTY } from "./drafts.ts";
import { notify } from "./notices.ts";
import { putBack } from "./put_back.ts";

/** Refusals that stay. */
const LASTING: ReadonlySet<RookeryError["code"]> = new Set([
  "not_found",
  "failed_precondition",
  "permission_denied",
]);

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
  const last = chat.room.peek()?.messages.findLast(({ authorId, deleted }) => authorId === me && !deleted);
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

/** Sends what is in the composer. */
export function submit(chat: Chat, channelId: number): void {
  const draft = chat.drafts.get(channelId);
  const text = draft.text.trimEnd();
  if (text.trim() === "") return;
  if (draft.editSeq > 0) {
    chat.drafts.set(channelId, draft.aside ?? EMPTY);
    if (!chat.connected) notify(t("keptForLater"));
    chat.client.editMessage({ channelId, seq: draft.editSeq }, text).catch((error) => {
      notify(t("editRefused", { reason: refusal(error) }), { kind: "error" });
      // Where the message cannot be edited any more, another try would be refused, too.
      const gone = error instanceof RookeryError && LASTING.has(error.code);
      if (gone || chat.drafts.get(channelId).text !== "") putBack(chat.drafts, channelId, text);
      else chat.drafts.set(channelId, draft);
    });
    return;
  }
  chat.drafts.set(channelId, EMPTY);
  chat.outgoing.send(channelId, text, draft.replyTo);
  const room = chat.room.peek();
  room?.clearUnread();
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
