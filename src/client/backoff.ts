/** How long to wait before trying again. @module */

export interface BackoffOptions {
  readonly baseMs?: number;
  readonly capMs?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/**
 * Exponential backoff with full jitter: anything from 0 to a bound that
 * doubles with every failure, so that clients cut off together come back apart.
 */
export class Backoff {
  readonly #baseMs: number;
  readonly #capMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor({ baseMs = 300, capMs = 30_000, random = Math.random }: BackoffOptions = {}) {
    this.#baseMs = baseMs;
    this.#capMs = capMs;
    this.#random = random;
  }

  /** Milliseconds to wait after one more failure, and never less than the server asked for. */
  next(retryAfterMs = 0): number {
    // 2^30 is above any cap and still exact.
    const bound = Math.min(this.#capMs, this.#baseMs * 2 ** Math.min(this.#failures++, 30));
    return retryAfterMs + this.#random() * bound;
  }

  /** Begins again at the base. */
  reset(): void {
    this.#failures = 0;
  }
}
