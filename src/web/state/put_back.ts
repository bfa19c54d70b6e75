/** Text that found no place goes back to where it was written. @module */
import type { Message } from "../../client/mod.ts";
import { t } from "../i18n/i18n.ts";
import { type Draft, type Drafts, EMPTY } from "./drafts.ts";
import { notify } from "./notices.ts";

/** Adds a text to the new message that is being written. */
export function putBack(drafts: Drafts, channelId: number, text: string): void {
  const draft = drafts.get(channelId);
  const add = (to: Draft) => ({ ...to, text: to.text ? `${to.text}\n${text}` : text });
  drafts.set(channelId, draft.editSeq > 0 ? { ...draft, aside: add(draft.aside ?? EMPTY) } : add(draft));
}

/** The message that may be edited just now was deleted: what was typed becomes a new one. */
export function endEdit(drafts: Drafts, { channelId, seq }: Message): void {
  const draft = drafts.get(channelId);
  if (draft.editSeq !== seq) return;
  drafts.set(channelId, draft.aside ?? EMPTY);
  if (draft.text.trim() === "" || draft.text === draft.before) return;
  putBack(drafts, channelId, draft.text);
  notify(t("editedDeleted"));
}
