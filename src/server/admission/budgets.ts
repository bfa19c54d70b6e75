/** The budgets of all users, or of all addresses, in bounded memory. @module */
import { Budget, type BudgetRates } from "./budget.ts";

/** Budgets that are remembered without a connection. */
const QUIET_MAX = 10_000;

/** A budget that connections use. */
interface Held {
  readonly budget: Budget;
  holders: number;
}

/**
 * Budgets by caller. Those that connections hold stay; of the others the ones of the longest quiet go as soon as they
 * are full, or when there are too many. Then a debt may be forgotten, but whoever wants that for one of their addresses
 * has to send a command from each of ten thousand others, which is more than they gain.
 */
export class Budgets<Key> {
  readonly #kind: { rates: BudgetRates };
  readonly #quietMax: number;
  readonly #held = new Map<Key, Held>();
  /** Those used longest ago first. */
  readonly #quiet = new Map<Key, Budget>();

  constructor(rates: BudgetRates, { quietMax = QUIET_MAX }: { readonly quietMax?: number } = {}) {
    this.#kind = { rates };
    this.#quietMax = quietMax;
  }

  /** Other rates for all of them from now on. */
  set rates(rates: BudgetRates) {
    this.#kind.rates = rates;
  }

  /** Callers that are remembered now. */
  get size(): number {
    return this.#held.size + this.#quiet.size;
  }

  /** The caller's budget, for one command or handshake. */
  of(key: Key, nowMs: number): Budget {
    const held = this.#held.get(key);
    if (held) return held.budget;
    const known = this.#quiet.get(key);
    const budget = known ?? new Budget(this.#kind, nowMs);
    if (known) this.#quiet.delete(key);
    else this.#forget(nowMs);
    this.#quiet.set(key, budget);
    return budget;
  }

  /** Keeps the caller's budget until as many calls of {@link release}. */
  hold(key: Key, nowMs: number): Budget {
    const held = this.#held.get(key);
    if (held) {
      held.holders++;
      return held.budget;
    }
    const budget = this.#quiet.get(key) ?? new Budget(this.#kind, nowMs);
    this.#quiet.delete(key);
    this.#held.set(key, { budget, holders: 1 });
    return budget;
  }

  release(key: Key, nowMs: number): void {
    const held = this.#held.get(key);
    if (!held || --held.holders > 0) return;
    this.#held.delete(key);
    this.#forget(nowMs);
    this.#quiet.set(key, held.budget);
  }

  /** Makes room for one more. */
  #forget(nowMs: number): void {
    for (const [key, budget] of this.#quiet) {
      if (this.#quiet.size < this.#quietMax && !budget.isFull(nowMs)) return;
      this.#quiet.delete(key);
    }
  }
}
