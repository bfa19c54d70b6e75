/** The client's copy of the server's rate limit. @module */
import type { Clock } from "./clock.ts";

/**
 * Part of the server's burst that is used. Commands that a network delays and
 * delivers together reach the server faster than they were sent.
 */
const BURST_SHARE = 0.9;

export class TokenBucket {
  readonly #clock: Clock;
  #perSecond = Infinity;
  #size = Infinity;
  #tokens = Infinity;
  #filledMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledMs = clock.now();
  }

  /** Begins full, as the server's bucket of a new connection does; 0 means no limit. */
  reset(perSecond: number, burst: number): void {
    this.#perSecond = perSecond || Infinity;
    this.#size = perSecond && burst ? Math.max(1, Math.floor(burst * BURST_SHARE)) : Infinity;
    this.#tokens = this.#size;
    this.#filledMs = this.#clock.now();
  }

  /** Whole tokens that are there. */
  available(): number {
    const now = this.#clock.now();
    const elapsedMs = Math.max(0, now - this.#filledMs);
    if (this.#tokens < this.#size) {
      this.#tokens = Math.min(this.#size, this.#tokens + elapsedMs / 1000 * this.#perSecond);
    }
    this.#filledMs = now;
    return Math.floor(this.#tokens + 1e-9);
  }

  take(count: number): void {
    this.#tokens -= count;
  }

  /** Milliseconds until the next token. */
  waitMs(): number {
    return this.available() >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#perSecond * 1000);
  }
}
