/** Text that found no place goes back to where it was written. @module */
import type { Message, RookeryError } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { refusal } from "../../i18n/refusal.ts";
import type { Refused } from "../messages/optimistic_edits.ts";
import { type Draft, type Drafts, EMPTY } from "./drafts.ts";
import { notify } from "../shell/notices.ts";

/** Refusals that stay. */
const LASTING: ReadonlySet<RookeryError["code"]> = new Set([
  "not_found",
  "failed_precondition",
  "permission_denied",
]);

/** What was shown in advance is taken back; a new text goes back to where it was written. */
export function undone(drafts: Drafts, { channelId, seq, text, error }: Refused): void {
  const reason = refusal(error);
  if (text === undefined) return notify(t("undone", { reason }), { kind: "error" });
  notify(t("editRefused", { reason }), { kind: "error" });
  const draft = drafts.get(channelId);
  // Another tab may have heard of it, too.
  if (draft.text.includes(text)) return;
  // Where the message cannot be edited any more, another try would be refused, too.
  if (LASTING.has(error.code) || draft.text !== "") restoreDraft(drafts, channelId, text);
  else drafts.set(channelId, { text, replyTo: 0, editSeq: seq, aside: draft });
}

/** Adds a text to the new message that is being written. */
export function restoreDraft(drafts: Drafts, channelId: number, text: string): void {
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
  restoreDraft(drafts, channelId, draft.text);
  notify(t("editedDeleted"));
}
