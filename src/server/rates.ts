/** How fast callers may send commands by POST: a token bucket for each of them, in bounded memory. @module */
import { ChatError, Code } from "../chat/error.ts";
import { TokenBucket } from "./token_bucket.ts";

export interface RatesOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** Callers that are remembered. Default 10,000. */
  readonly maxEntries?: number;
  /** Called for every command that is refused. */
  readonly onRefused?: () => void;
}

const DEFAULT_ENTRIES = 10_000;

/** Buckets by caller, those of the longest quiet first; at the limit the quietest is forgotten. */
export class Rates<Key> {
  readonly #options: RatesOptions;
  readonly #maxEntries: number;
  /** Time after which a bucket is full again, whatever was taken from it. */
  readonly #fullMs: number;
  readonly #entries = new Map<Key, { readonly bucket: TokenBucket; usedMs: number }>();

  constructor(options: RatesOptions) {
    this.#options = options;
    this.#maxEntries = options.maxEntries ?? DEFAULT_ENTRIES;
    this.#fullMs = options.burst / options.perSecond * 1000;
  }

  /** Callers that are remembered now. */
  get size(): number {
    return this.#entries.size;
  }

  /** Counts one command; throws ChatError resource_exhausted with the time to wait. */
  admit(key: Key, nowMs: number): void {
    const known = this.#entries.get(key);
    const entry = known ?? { bucket: new TokenBucket(this.#options, nowMs), usedMs: nowMs };
    entry.usedMs = nowMs;
    this.#entries.delete(key);
    if (!known) this.#forget(nowMs);
    this.#entries.set(key, entry);
    const waitMs = entry.bucket.take(nowMs);
    if (waitMs <= 0) return;
    this.#options.onRefused?.();
    throw new ChatError(Code.RESOURCE_EXHAUSTED, "Too many commands: slow down", waitMs);
  }

  #forget(nowMs: number): void {
    for (const [key, { usedMs }] of this.#entries) {
      if (nowMs - usedMs < this.#fullMs && this.#entries.size < this.#maxEntries) return;
      this.#entries.delete(key);
    }
  }
}
