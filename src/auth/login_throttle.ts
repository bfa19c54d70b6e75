/**
 * Slows down guessing of passwords. Token buckets, one per account name and
 * one per address; nobody is ever locked out, only slowed down.
 *
 * @module
 */
import { ChatError, Code } from "../chat/error.ts";
import type { Attempt, Clock, LoginThrottle } from "../chat/ports.ts";
import { addressGroup } from "./address_group.ts";

/** A bucket starts with `burst` attempts and gets one back every `refillMs`. */
export interface BucketLimits {
  readonly burst: number;
  readonly refillMs: number;
}

export interface LoginThrottleOptions {
  readonly clock: Pick<Clock, "now">;
  /** Attempts on one account, from anywhere. Default 10, one more every 30 s. */
  readonly account?: BucketLimits;
  /** Attempts from one address (IPv6: one /64 network). Default 50, one more every 2 s. */
  readonly address?: BucketLimits;
  /** Accounts, and as many addresses, that are remembered. Default 50,000. */
  readonly maxEntries?: number;
}

const DEFAULT_ACCOUNT: BucketLimits = { burst: 10, refillMs: 30_000 };
const DEFAULT_ADDRESS: BucketLimits = { burst: 50, refillMs: 2_000 };
const DEFAULT_ENTRIES = 50_000;
/** No name is longer; cutting bounds the memory of an entry. */
const NAME_CHARS = 64;

/** The port {@link LoginThrottle}. */
export class BucketThrottle implements LoginThrottle {
  readonly #clock: Pick<Clock, "now">;
  readonly #accounts: Buckets;
  readonly #addresses: Buckets;
  #refused = 0;

  constructor(options: LoginThrottleOptions) {
    const entries = options.maxEntries ?? DEFAULT_ENTRIES;
    this.#clock = options.clock;
    this.#accounts = new Buckets(options.account ?? DEFAULT_ACCOUNT, entries);
    this.#addresses = new Buckets(options.address ?? DEFAULT_ADDRESS, entries);
  }

  /** Counts one attempt. A refused attempt costs nothing, so its sender can wait and be right. */
  admit(attempt: Attempt): void {
    const nowMs = this.#clock.now();
    const account = accountKey(attempt);
    const address = addressGroup(attempt.address);
    const accountMs = account === undefined ? 0 : this.#accounts.waitMs(account, nowMs);
    const waitMs = Math.max(accountMs, this.#addresses.waitMs(address, nowMs));
    if (waitMs > 0) {
      this.#refused++;
      const seconds = Math.ceil(waitMs / 1000);
      throw new ChatError(
        Code.RESOURCE_EXHAUSTED,
        `Too many attempts; try again in ${seconds} s`,
        Math.ceil(waitMs),
      );
    }
    if (account !== undefined) this.#accounts.take(account, nowMs);
    this.#addresses.take(address, nowMs);
  }

  withdrawn(attempt: Attempt): void {
    const nowMs = this.#clock.now();
    const account = accountKey(attempt);
    if (account !== undefined) this.#accounts.giveBack(account, nowMs);
    this.#addresses.giveBack(addressGroup(attempt.address), nowMs);
  }

  succeeded(attempt: Attempt): void {
    const account = accountKey(attempt);
    if (account !== undefined) this.#accounts.forget(account);
  }

  /** Attempts refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** Accounts and addresses that are remembered now. */
  get entries(): number {
    return this.#accounts.size + this.#addresses.size;
  }
}

function accountKey(attempt: Attempt): string | undefined {
  return attempt.name?.toLowerCase().slice(0, NAME_CHARS);
}

/**
 * Many buckets, those of the longest quiet first. At the limit the quietest
 * is forgotten: whoever wants to reset one bucket that way has to spend as
 * many attempts as there are entries, each from an address with room.
 */
class Buckets {
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
