/** A clock that goes when the test says so. @module */
import type { Clock, Loop } from "../../src/chat/ports.ts";

export class ManualClock implements Clock, Loop {
  #nowMs: number;
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  constructor(nowMs = 1_800_000_000_000) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  soon(callback: () => void): () => void {
    return this.after(0, callback);
  }

  /** Timers that have not fired. */
  get armed(): number {
    return this.#timers.size;
  }

  /** Lets time pass and fires what is due meanwhile, earliest first. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let due = this.#next(endMs); due; due = this.#next(endMs)) {
      this.#timers.delete(due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.callback();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number) {
    let next: { readonly atMs: number; readonly callback: () => void } | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (!next || timer.atMs < next.atMs)) next = timer;
    }
    return next;
  }
}

/** Lets every promise go on that can. The core has no chain longer than this, in as many turns of microtasks. */
export async function settle(turns = 24): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
