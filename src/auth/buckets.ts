/** Token buckets by key, in bounded memory. @module */

/** A bucket starts with `burst` attempts and gets one back every `refillMs`. */
export interface BucketLimits {
  readonly burst: number;
  readonly refillMs: number;
}

/**
 * Many buckets, those of the longest quiet first. At the limit the quietest
 * is forgotten: whoever wants to reset one bucket that way has to spend as
 * many attempts as there are entries, each from an address with room.
 */
export class Buckets {
  readonly #limits: BucketLimits;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, { tokens: number; atMs: number }>();

  constructor(limits: BucketLimits, maxEntries: number) {
    this.#limits = limits;
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  waitMs(key: string, nowMs: number): number {
    const missing = 1 - this.#tokens(key, nowMs);
    return missing > 0 ? missing * this.#limits.refillMs : 0;
  }

  take(key: string, nowMs: number): void {
    const tokens = this.#tokens(key, nowMs) - 1;
    this.#entries.delete(key);
    this.#dropOld(nowMs);
    this.#entries.set(key, { tokens, atMs: nowMs });
  }

  giveBack(key: string, nowMs: number): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    const tokens = Math.min(this.#limits.burst, this.#tokens(key, nowMs) + 1);
    // Its place among the quiet and the busy stays: it has just been here.
    this.#entries.set(key, { tokens, atMs: nowMs });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  #tokens(key: string, nowMs: number): number {
    const { burst, refillMs } = this.#limits;
    const entry = this.#entries.get(key);
    if (!entry) return burst;
    // The wall clock may be set back; that must not take anything away.
    const passedMs = Math.max(0, nowMs - entry.atMs);
    return Math.min(burst, entry.tokens + passedMs / refillMs);
  }

  #dropOld(nowMs: number): void {
    const fullAfterMs = this.#limits.burst * this.#limits.refillMs;
    for (const [key, entry] of this.#entries) {
      const full = nowMs - entry.atMs >= fullAfterMs;
      if (!full && this.#entries.size < this.#maxEntries) return;
      this.#entries.delete(key);
    }
  }
}
