/** Keys that work wherever one is. @module */
import type { Chat } from "../../state/shell/chat.ts";
import { closeDialog, dialog, picking } from "../../state/shell/dialog.ts";
import { hideMembers } from "../../state/people/members.ts";
import { goTo } from "../../state/shell/route.ts";
import { isCommand, onKeys, shortcutKey } from "./key_event.ts";
import { stepRegion } from "./regions.ts";
import { ShortcutsDialog } from "./shortcuts_dialog.tsx";
import { Switcher } from "../channels/switcher.tsx";

/** Listens until the result is called. */
export function listenForKeys(chat: Chat): () => void {
  const lifetime = new AbortController();
  addEventListener("keydown", onKeys((event: KeyboardEvent) => onKey(chat, event)), {
    signal: lifetime.signal,
  });
  return () => lifetime.abort();
}

function onKey(chat: Chat, event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const command = isCommand(event);
  if (command && shortcutKey(event) === "k" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    if (dialog.value) closeDialog();
    else dialog.value = () => <Switcher />;
  } else if (command && shortcutKey(event) === "/" && !event.altKey && !dialog.value) {
    event.preventDefault();
    dialog.value = () => <ShortcutsDialog />;
  } else if (event.key === "F6" && !command && !event.altKey && !dialog.value && !picking.value) {
    event.preventDefault();
    stepRegion(event.shiftKey ? -1 : 1);
  } else if (event.altKey && /^Arrow(Up|Down)$/.test(event.key) && !dialog.value && !picking.value) {
    event.preventDefault();
    step(chat, event.key === "ArrowUp" ? -1 : 1, event.shiftKey);
  } else if (event.key === "Escape" && !dialog.value && !picking.value) {
    if (hideMembers({ onlyOverlay: true })) return;
    const room = chat.room.peek();
    room?.line.clear();
    void room?.showNewest();
    document.getElementById("composer")?.focus();
  } else if (isLetter(event) && !command && !event.altKey && !dialog.value && !picking.value) {
    // Whoever begins to type means the composer.
    document.getElementById("composer")?.focus();
  }
}

/** The next channel in the list, or the next one with something unread. */
function step(chat: Chat, by: 1 | -1, unreadOnly: boolean): void {
  const order = chat.rows.peek();
  const at = order.findIndex((row) => row.id === chat.room.peek()?.channelId);
  for (let i = 1; i <= order.length; i++) {
    const row = order[(at + by * i + order.length * 2) % order.length]!;
    if (!unreadOnly || row.unread > 0) return goTo(row.id);
  }
}

function isLetter(event: KeyboardEvent): boolean {
  const { target } = event;
  if (
    !(target instanceof HTMLElement) || target.closest("input, textarea, select, button, a, [role=option]")
  ) return false;
  return [...event.key].length === 1 && event.key !== " ";
}
