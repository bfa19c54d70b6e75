/** Marks as read what somebody really sees. @module */
import { effect, signal } from "@preact/signals";
import type { Chat } from "./chat.ts";
import type { Room } from "./room.ts";

/** Scrolling past is not reading. */
const SETTLE_MS = 400;
/** A marker is a write on the server's disk: a busy channel does not move it with every message. */
const EVERY_MS = 3_000;

/** Moves the open channel's read marker while its end is on the screen, and when it is left. */
export function keepReading(chat: Chat): void {
  const { lifetime } = chat;
  const focused = signal(document.hasFocus());
  const look = () => focused.value = document.hasFocus() && !document.hidden;
  for (const type of ["focus", "blur"]) addEventListener(type, look, { signal: lifetime });
  document.addEventListener("visibilitychange", look, { signal: lifetime });
  const markedMs = new Map<number, number>();
  let sight: Sight | undefined;
  const stop = effect(() => {
    const room = chat.room.value;
    chat.watchChannels();
    const seen = room && focused.value && room.atBottom.value && !room.empty.value && room.atEnd &&
        chat.connected
      ? room
      : undefined;
    if (seen !== sight?.room) {
      sight?.end();
      sight = seen && new Sight(chat, seen, markedMs);
    }
    sight?.look();
  });
  lifetime.addEventListener("abort", () => {
    stop();
    sight?.end();
  });
}

/** The end of one channel on the screen, from when it comes into sight until it leaves. */
class Sight {
  readonly room: Room;
  readonly #chat: Chat;
  readonly #markedMs: Map<number, number>;
  readonly #settling: ReturnType<typeof setTimeout>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settled = false;
  #headSeq = 0;

  /** `markedMs` says when the marker of each channel was moved. */
  constructor(chat: Chat, room: Room, markedMs: Map<number, number>) {
    this.#chat = chat;
    this.room = room;
    this.#markedMs = markedMs;
    // A timer, because a clock would also count the time that drawing takes.
    this.#settling = setTimeout(() => {
      this.#settled = true;
      this.look();
    }, SETTLE_MS);
  }

  /** Something may be new. */
  look(): void {
    const { state, channelId } = this.room;
    this.#headSeq = state?.headSeq ?? 0;
    if (!this.#settled || !state || state.unread === 0) return;
    const dueMs = (this.#markedMs.get(channelId) ?? -EVERY_MS) + EVERY_MS - performance.now();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#mark();
    }, Math.max(0, dueMs));
  }

  /** It is not seen any more; whatever was there long enough is read. */
  end(): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#timer);
    if (this.#settled) this.#mark();
  }

  #mark(): void {
    const { state, channelId } = this.room;
    // Markers may wait for the next connection, but one is enough.
    if (!state || state.unread === 0 || state.readSeq >= this.#headSeq || !this.#chat.connected) return;
    this.#markedMs.set(channelId, performance.now());
    this.#chat.client.markRead(channelId, this.#headSeq).catch(() => {});
  }
}
