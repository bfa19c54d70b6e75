/** Marks as read what somebody really sees. @module */
import { effect, signal } from "@preact/signals";
import type { Chat } from "./chat.ts";

/** Scrolling past is not reading. */
const SETTLE_MS = 400;
/** A marker is a write on the server's disk: a busy channel does not move it with every message. */
const EVERY_MS = 3_000;

/** Moves the open channel's read marker while its end is on the screen. */
export function keepReading(chat: Chat): void {
  const { lifetime } = chat;
  const focused = signal(document.hasFocus());
  const look = () => focused.value = document.hasFocus() && !document.hidden;
  for (const type of ["focus", "blur"]) addEventListener(type, look, { signal: lifetime });
  document.addEventListener("visibilitychange", look, { signal: lifetime });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = -EVERY_MS;
  const mark = () => {
    timer = undefined;
    const room = chat.room.peek();
    const state = room?.state;
    if (!room || !state || !focused.peek() || !room.atBottom.peek() || !room.atEnd) return;
    // Markers may wait for the next connection, but one is enough.
    if (state.unread === 0 || chat.client.state.name !== "live") return;
    lastMs = performance.now();
    chat.client.markRead(room.channelId, state.headSeq).catch(() => {});
  };
  const stop = effect(() => {
    const room = chat.room.value;
    chat.watchChannels();
    const due = room && focused.value && room.atBottom.value && !room.empty.value &&
      chat.connection.value.name === "live" && (room.state?.unread ?? 0) > 0;
    if (due) {
      timer ??= setTimeout(mark, Math.max(SETTLE_MS, lastMs + EVERY_MS - performance.now()));
    }
  });
  lifetime.addEventListener("abort", () => {
    stop();
    clearTimeout(timer);
  });
}
