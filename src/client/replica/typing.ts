/** Who is typing where. @module */
import type { Clock } from "../clock.ts";

/** The server says it again every few seconds while it lasts. */
const EXPIRY_MS = 6_000;

export class TypingBoard {
  readonly #clock: Clock;
  readonly #changed: (channelId: number) => void;
  readonly #untilMs = new Map<number, Map<number, number>>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, changed: (channelId: number) => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Users who type in a channel, in the order they began. */
  in(channelId: number): number[] {
    return [...this.#untilMs.get(channelId)?.keys() ?? []];
  }

  add(channelId: number, userId: number): void {
    let users = this.#untilMs.get(channelId);
    if (!users) this.#untilMs.set(channelId, users = new Map());
    const fresh = !users.has(userId);
    users.set(userId, this.#clock.now() + EXPIRY_MS);
    this.#arm();
    if (fresh) this.#changed(channelId);
  }

  /** Somebody stopped, for instance because the message is there. */
  remove(channelId: number, userId: number): void {
    const users = this.#untilMs.get(channelId);
    if (!users?.delete(userId)) return;
    if (users.size === 0) this.#untilMs.delete(channelId);
    this.#changed(channelId);
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const channels = [...this.#untilMs.keys()];
    this.#untilMs.clear();
    for (const channelId of channels) this.#changed(channelId);
  }

  #arm(): void {
    if (this.#cancel || this.#untilMs.size === 0) return;
    const next = Math.min(...[...this.#untilMs.values()].flatMap((users) => [...users.values()]));
    this.#cancel = this.#clock.after(Math.max(0, next - this.#clock.now()), () => {
      this.#cancel = undefined;
      this.#expire();
      this.#arm();
    });
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const [channelId, users] of [...this.#untilMs]) {
      for (const [userId, untilMs] of [...users]) {
        // What ends later than it could was begun before the clock was put back.
        if (untilMs <= now || untilMs > now + EXPIRY_MS) this.remove(channelId, userId);
      }
    }
  }
}
