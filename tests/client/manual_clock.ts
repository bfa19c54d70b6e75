/** A clock that goes when the test says so. @module */
import type { Clock } from "../../src/client/mod.ts";

export class ManualClock implements Clock {
  #now = 1_800_000_000_000;
  #timers = new Set<{ atMs: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Somebody puts the clock back; timers fire as soon as they would have. */
  putBack(ms: number): void {
    this.#now -= ms;
    for (const timer of this.#timers) timer.atMs -= ms;
  }

  /** Timers that have not fired. */
  get armed(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and everything happen that was due meanwhile. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.atMs);
      due.callback();
      await settle();
    }
    this.#now = endMs;
    await settle();
  }
}

/** Lets every promise go on that can. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
