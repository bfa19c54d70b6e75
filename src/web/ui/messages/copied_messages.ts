/** Several messages on their way to the clipboard: who, when, and what, each once. @module */
import type { Message } from "../../../client/mod.ts";
import { formatMoment } from "../../i18n/format.ts";
import type { Chat } from "../../state/shell/chat.ts";
import { nameOf } from "../../state/people/people.ts";

interface Piece {
  readonly message: Message;
  readonly text: string;
  /** It stands under the one before without a name of its own. */
  readonly follows: boolean;
}

/** What a selection over several messages says; undefined for anything less, which the browser copies well. */
export function copiedMessages(chat: Chat, list: HTMLElement): string | undefined {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const room = chat.room.peek();
  const messages = new Map(
    chat.changes.applied(room?.messages ?? []).map((message) => [message.seq, message]),
  );
  const pieces: Piece[] = [];
  for (const row of list.querySelectorAll<HTMLElement>("[data-seq]")) {
    if (!range.intersectsNode(row)) continue;
    const message = messages.get(Number(row.dataset.seq));
    const text = message && selectedText(row, range, message);
    if (text) pieces.push({ message, text, follows: row.classList.contains("follows") });
  }
  if (pieces.length < 2) return undefined;
  return pieces.map(({ message, text, follows }, i) => {
    if (follows && i > 0) return text;
    const head = `${nameOf(chat.people.get(message.authorId))}, ${formatMoment(message.timeMs)}`;
    return `${i > 0 ? "\n" : ""}${head}\n${text}`;
  }).join("\n");
}

/** A whole message as it was written; of others what is selected of it. */
function selectedText(row: HTMLElement, range: Range, message: Message): string {
  const box = row.querySelector(".text");
  if (!box) return "";
  const within = document.createRange();
  within.selectNodeContents(box);
  const whole = within.toString();
  if (range.compareBoundaryPoints(Range.START_TO_START, within) > 0) {
    within.setStart(range.startContainer, range.startOffset);
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, within) < 0) {
    within.setEnd(range.endContainer, range.endOffset);
  }
  const selected = within.toString().trim();
  const badge = box.querySelector(".edited")?.textContent ?? "";
  if (selected !== "" && selected === whole.slice(0, whole.length - badge.length).trim()) return message.text;
  return selected === whole.trim() ? message.text : lines(within.cloneContents()).trim();
}

const BLOCKS = "p, li, pre, blockquote, .code-language";

/** The text of elements, with the line breaks that they are shown with. */
function lines(node: Node): string {
  if (node instanceof Text) return node.data;
  if (node instanceof Element && node.matches(".edited")) return "";
  const text = [...node.childNodes].map(lines).join("");
  if (!(node instanceof Element) || !node.matches(BLOCKS)) return text;
  const bullet = node.matches("ul > li") ? "- " : "";
  return bullet + (text.endsWith("\n") ? text : `${text}\n`);
}
