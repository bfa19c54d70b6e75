/** When sessions were last used: noted at once, stored once a minute. @module */
import type { Clock, EventWriter } from "../ports.ts";

const TOUCH_MS = 60_000;

export class SessionActivity {
  readonly #writer: EventWriter;
  readonly #clock: Clock;
  /** Time of the last use by session, as far as it is not stored yet. */
  #touched = new Map<number, number>();
  #cancel: (() => void) | undefined;

  constructor(writer: EventWriter, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
  }

  /** A session is used now; 0 is none. */
  touch(sessionId: number): void {
    if (sessionId === 0) return;
    this.#touched.set(sessionId, this.#clock.now());
    this.#cancel ??= this.#clock.after(TOUCH_MS, () => {
      this.#cancel = undefined;
      this.write();
    });
  }

  /** Stores what was noted. */
  write(): void {
    if (this.#touched.size > 0) this.#writer.touchSessions(this.#touched);
    this.#touched = new Map();
  }

  /** Stores what was noted, and stops the clock. */
  close(): void {
    this.#cancel?.();
    this.write();
  }
}
