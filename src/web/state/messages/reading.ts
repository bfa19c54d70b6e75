/** Marks as read what somebody really sees. @module */
import { effect, signal } from "@preact/signals";
import type { Chat } from "../shell/chat.ts";
import type { Room } from "../channels/room.ts";

/** Scrolling past is not reading. */
const SETTLE_MS = 400;
/** A marker is a write on the server's disk: a busy channel does not move it with every message. */
const EVERY_MS = 3_000;

/**
 * Moves the open channel's read marker while its end is on the screen, and when it is left; and, when
 * there is a connection again, those of channels that were read without one.
 */
export function keepReading(chat: Chat): void {
  const { lifetime } = chat;
  const visible = signal(!document.hidden);
  const { focused } = chat.seen;
  const look = () => {
    visible.value = !document.hidden;
    focused.value = document.hasFocus();
  };
  for (const type of ["focus", "blur"]) addEventListener(type, look, { signal: lifetime });
  document.addEventListener("visibilitychange", look, { signal: lifetime });
  const marker = new Marker(chat);
  let sight: Sight | undefined;
  const stops = [
    effect(() => {
      const room = chat.room.value;
      chat.watchChannels();
      const atEnd = room && visible.value && room.atBottom.value && !room.empty.value && room.atEnd;
      chat.seen.now.value = atEnd ? room.channelId : 0;
      const seen = atEnd && focused.value ? room : undefined;
      if (seen !== sight?.room) {
        sight?.end();
        sight = seen && new Sight(chat, seen, marker);
      }
      sight?.look();
    }),
    effect(() => {
      if (chat.connected) marker.catchUp();
    }),
  ];
  lifetime.addEventListener("abort", () => {
    for (const stop of stops) stop();
    sight?.end();
  });
}

/** Tells the server what was read. */
class Marker {
  readonly #chat: Chat;
  readonly #markedMs = new Map<number, number>();

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** Milliseconds until the marker of a channel may be moved again. */
  waitMs(channelId: number): number {
    return Math.max(0, (this.#markedMs.get(channelId) ?? -EVERY_MS) + EVERY_MS - performance.now());
  }

  /** Moves a channel's marker to what was seen of it. Without a connection that is left for later: one marker is enough. */
  move(channelId: number): void {
    const { client, seen, connected } = this.#chat;
    const state = client.replica.channels.get(channelId);
    const seq = Math.min(seen.upTo(channelId), state?.headSeq ?? 0);
    if (!state || state.unread === 0 || state.readSeq >= seq || !connected) return;
    this.#markedMs.set(channelId, performance.now());
    client.markRead(channelId, seq).catch(() => {});
  }

  catchUp(): void {
    for (const channelId of this.#chat.client.replica.channels.keys()) this.move(channelId);
  }
}

/** The end of one channel on the screen, from when it comes into sight until it leaves. */
class Sight {
  readonly room: Room;
  readonly #chat: Chat;
  readonly #marker: Marker;
  readonly #settling: ReturnType<typeof setTimeout>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #settled = false;
  #headSeq = 0;

  constructor(chat: Chat, room: Room, marker: Marker) {
    this.#chat = chat;
    this.room = room;
    this.#marker = marker;
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
    if (!this.#settled || !state) return;
    this.#chat.seen.mark(channelId, this.#headSeq);
    if (state.unread === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#marker.move(channelId);
    }, this.#marker.waitMs(channelId));
  }

  /** It is not seen any more; whatever was there long enough is read. */
  end(): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#timer);
    if (this.#settled) this.#marker.move(this.room.channelId);
  }
}
