/** How long the event loop keeps others waiting. @module */
import { Histogram } from "./histogram.ts";

/** Rare enough to cost nothing; what blocks the loop for longer than this is always seen. */
const PERIOD_MS = 100;
const BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Watches how late a timer comes, until it is disposed. */
export class LoopDelay implements Disposable {
  /** Seconds. */
  readonly histogram = new Histogram(BOUNDS_S);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#arm();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    const dueMs = performance.now() + PERIOD_MS;
    this.#timer = setTimeout(() => {
      // Timers count in whole milliseconds and may come a fraction early.
      this.histogram.observe(Math.max(0, performance.now() - dueMs) / 1000);
      this.#arm();
    }, PERIOD_MS);
  }
}
