/**
 * Slows down guessing of passwords. Nobody is ever locked out, only slowed
 * down, and those who were let in before are not slowed down by strangers.
 *
 * @module
 */
import { ChatError, Code } from "../chat/error.ts";
import type { Admission, Attempt, Clock, LoginThrottle } from "../chat/ports.ts";
import { addressGroup } from "./address_group.ts";
import { type BucketLimits, Buckets } from "./buckets.ts";
import { KnownAddresses } from "./known_addresses.ts";

export interface LoginThrottleOptions {
  readonly clock: Pick<Clock, "now">;
  /**
   * Attempts of strangers on one account, from anywhere; and as many of each session, each device, and each account from each
   * address that it is known at. Default 10, one more every 30 s.
   */
  readonly account?: BucketLimits;
  /** Attempts of strangers from one address (IPv6: one /64 network). Default 50, one more every 2 s. */
  readonly address?: BucketLimits;
  /** Entries of each kind that are remembered. Default 50,000. */
  readonly maxEntries?: number;
}

const DEFAULT_ACCOUNT: BucketLimits = { burst: 10, refillMs: 30_000 };
const DEFAULT_ADDRESS: BucketLimits = { burst: 50, refillMs: 2_000 };
const DEFAULT_ENTRIES = 50_000;
/** No name is longer; cutting bounds the memory of an entry. */
const NAME_CHARS = 64;

/** A bucket that an attempt is taken from. */
interface Place {
  readonly buckets: Buckets;
  readonly key: string;
}

/** The port {@link LoginThrottle}. */
export class BucketThrottle implements LoginThrottle {
  readonly #clock: Pick<Clock, "now">;
  readonly #accounts: Buckets;
  readonly #addresses: Buckets;
  /** Of sessions, devices, and accounts at known addresses: strangers cannot crowd them out of memory. */
  readonly #known: Buckets;
  readonly #knownAddresses: KnownAddresses;
  #refused = 0;

  constructor(options: LoginThrottleOptions) {
    const { clock, account = DEFAULT_ACCOUNT, address = DEFAULT_ADDRESS, maxEntries = DEFAULT_ENTRIES } =
      options;
    this.#clock = clock;
    this.#accounts = new Buckets(account, maxEntries);
    this.#addresses = new Buckets(address, maxEntries);
    this.#known = new Buckets(account, maxEntries);
    this.#knownAddresses = new KnownAddresses(maxEntries);
  }

  /** Counts one attempt. A refused attempt costs nothing, so its sender can wait and be right. */
  admit(attempt: Attempt): Admission {
    const key = this.#knownAs(attempt);
    const places = key === undefined ? this.#ofStranger(attempt) : [{ buckets: this.#known, key }];
    const nowMs = this.#clock.now();
    const waitMs = Math.max(...places.map(({ buckets, key }) => buckets.waitMs(key, nowMs)));
    if (waitMs > 0) throw this.#refusal(waitMs);
    for (const { buckets, key } of places) buckets.take(key, nowMs);
    return {
      known: key !== undefined,
      withdraw: () => {
        const nowMs = this.#clock.now();
        for (const { buckets, key } of places) buckets.giveBack(key, nowMs);
      },
      succeed: () => {
        // The address is shared: one who is right must not win attempts at other accounts.
        for (const { buckets, key } of places) if (buckets !== this.#addresses) buckets.forget(key);
        if (attempt.userId !== undefined) this.seen(attempt.userId, attempt.address);
      },
    };
  }

  seen(userId: number, address: string): void {
    this.#knownAddresses.add(userId, address);
  }

  /** Attempts refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** Buckets that are remembered now. */
  get entries(): number {
    return this.#accounts.size + this.#addresses.size + this.#known.size;
  }

  #knownAs({ sessionId, deviceId, userId, address }: Attempt): string | undefined {
    if (sessionId !== undefined) return `session ${sessionId}`;
    if (userId === undefined) return undefined;
    if (deviceId !== undefined) return `device ${deviceId} of ${userId}`;
    const group = addressGroup(address);
    return this.#knownAddresses.has(userId, group) ? `${userId} at ${group}` : undefined;
  }

  #ofStranger({ name, address }: Attempt): Place[] {
    const places = [{ buckets: this.#addresses, key: addressGroup(address) }];
    if (name === undefined) return places;
    return [...places, { buckets: this.#accounts, key: name.toLowerCase().slice(0, NAME_CHARS) }];
  }

  #refusal(waitMs: number): ChatError {
    this.#refused++;
    const seconds = Math.ceil(waitMs / 1000);
    return new ChatError(
      Code.RESOURCE_EXHAUSTED,
      `Too many attempts; try again in ${seconds} s`,
      Math.ceil(waitMs),
    );
  }
}
