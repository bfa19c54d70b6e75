/** A rate with room for bursts. @module */

export class TokenBucket {
  readonly #perMs: number;
  readonly #size: number;
  #tokens: number;
  #updatedMs: number;

  /** Begins full. `nowMs` is any clock that does not run backwards. */
  constructor(rate: { readonly perSecond: number; readonly burst: number }, nowMs: number) {
    this.#perMs = rate.perSecond / 1000;
    this.#size = rate.burst;
    this.#tokens = rate.burst;
    this.#updatedMs = nowMs;
  }

  /** Takes one; otherwise returns the milliseconds until there is one. */
  take(nowMs: number): number {
    this.#tokens = Math.min(this.#size, this.#tokens + (nowMs - this.#updatedMs) * this.#perMs);
    this.#updatedMs = nowMs;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#perMs);
    this.#tokens--;
    return 0;
  }
}
