/** What the list of messages is made of. @module */
import type { Message } from "../../../client/mod.ts";
import { dayNumber } from "../../i18n/format.ts";

export type ListItem =
  | { readonly kind: "day"; readonly timeMs: number; readonly key: string }
  | { readonly kind: "unread"; readonly key: "unread" }
  | { readonly kind: "message"; readonly message: Message; readonly follows: boolean; readonly key: number };

/** After a pause it is worth saying again who writes. */
export const FOLLOWS_MS = 5 * 60_000;

/** Messages with the lines between days and before what is new. */
export function listItems(
  messages: readonly Message[],
  { unreadSeq, me, atStart }: { readonly unreadSeq: number; readonly me: number; readonly atStart: boolean },
): ListItem[] {
  const items: ListItem[] = [];
  let before: Message | undefined;
  // Above the first message there may be new ones, too: then the line is not here.
  let lineDrawn = unreadSeq === 0 || (!atStart && (messages[0]?.seq ?? 0) > unreadSeq);
  for (const message of messages) {
    const newDay = !before || dayNumber(before.timeMs) !== dayNumber(message.timeMs);
    if (newDay) items.push({ kind: "day", timeMs: message.timeMs, key: `day-${dayNumber(message.timeMs)}` });
    const newHere = !lineDrawn && message.seq > unreadSeq && message.authorId !== me;
    if (newHere) {
      lineDrawn = true;
      items.push({ kind: "unread", key: "unread" });
    }
    const follows = !newDay && !newHere && before !== undefined && before.authorId === message.authorId &&
      message.timeMs - before.timeMs < FOLLOWS_MS && message.replyTo === 0;
    items.push({ kind: "message", message, follows, key: message.seq });
    before = message;
  }
  return items;
}
