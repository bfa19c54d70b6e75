/** How long the event loop keeps others waiting. @module */
import { Histogram } from "./histogram.ts";

/** Rare enough to cost nothing; what blocks the loop for longer than this is always seen. */
const PERIOD_MS = 100;
const BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Delays from here on count as standing still, over this span of time. */
const STALL_MS = 1000;
const SPAN_MS = 10_000;

/** Watches how late a timer comes, until it is disposed. */
export class LoopDelay implements Disposable {
  /** Seconds. */
  readonly histogram = new Histogram(BOUNDS_S);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Times in which nothing was done for a second or more, the newest last. */
  #stalls: { readonly fromMs: number; readonly toMs: number }[] = [];

  constructor() {
    this.#arm();
  }

  /** How much of the last ten seconds the loop stood still, for a second or more at a time: 0 to 1. */
  get stalled(): number {
    const nowMs = performance.now();
    const sinceMs = nowMs - SPAN_MS;
    this.#stalls = this.#stalls.filter(({ toMs }) => toMs > sinceMs);
    const stalledMs = this.#stalls.reduce(
      (sum, { fromMs, toMs }) => sum + toMs - Math.max(fromMs, sinceMs),
      0,
    );
    return stalledMs / SPAN_MS;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const dueMs = performance.now() + PERIOD_MS;
    this.#timer = setTimeout(() => {
      // Timers count in whole milliseconds and may come a fraction early.
      const nowMs = performance.now();
      this.histogram.observe(Math.max(0, nowMs - dueMs) / 1000);
      if (nowMs - dueMs >= STALL_MS) this.#stall({ fromMs: dueMs, toMs: nowMs });
      this.#arm();
    }, PERIOD_MS);
  }

  #stall(stall: { readonly fromMs: number; readonly toMs: number }): void {
    this.#stalls.push(stall);
    // No more than these fit into the span.
    if (this.#stalls.length > SPAN_MS / STALL_MS) this.#stalls.shift();
  }
}
