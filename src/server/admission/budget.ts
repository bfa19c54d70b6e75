/** What one user, or one address, may use of the server in a time. @module */
import { ChatError, Code } from "../../chat/error.ts";
import type { Limits } from "../../chat/limits.ts";
import type { Meter } from "../../chat/ports.ts";

/** Rates of all budgets of a kind. */
export interface BudgetRates {
  /** Units of commands that come back in a second, and how many there are after a rest. */
  readonly unitsPerSecond: number;
  readonly unitBurst: number;
  /** Refused commands that are put up with: so many a second, and so many after a rest. */
  readonly refusalsPerSecond: number;
  readonly refusalBurst: number;
  /** How long one who had more of them refused stays away. */
  readonly pauseMs: number;
  /** Handshakes that come back in a second, and how many there are after a rest. */
  readonly handshakesPerSecond: number;
  readonly handshakeBurst: number;
}

/** Of the two sides that have budgets: the limit on handshakes, and the one on connections. */
const SIDES = {
  user: ["handshakesPerUser", "connectionsPerUser"],
  address: ["handshakesPerAddress", "connectionsPerAddress"],
} as const satisfies Record<string, readonly (keyof Limits)[]>;

/** What is sent costs a unit for as many bytes, if its commands cost less. */
const UNIT_BYTES = 4 * 1024;
/** What is sent although it is refused counts as a refused command for as many bytes. */
const REFUSED_BYTES = 1024;

/** All connections may be made anew twice, whatever the limit on handshakes is. */
const RECONNECTS = 2;

/** Rates of users' or addresses' budgets. */
export function ratesOf(side: keyof typeof SIDES, limits: Limits): BudgetRates {
  const [handshakes, connections] = SIDES[side];
  const handshakeBurst = Math.max(limits[handshakes], RECONNECTS * limits[connections]);
  return {
    unitsPerSecond: limits.commandsPerSecond,
    unitBurst: limits.commandBurst,
    refusalsPerSecond: limits.refusalsPerSecond,
    refusalBurst: limits.refusalBurst,
    pauseMs: limits.overRatePauseMs,
    handshakesPerSecond: handshakeBurst / limits.handshakeRefillMs * 1000,
    handshakeBurst,
  };
}

/**
 * Buckets that fill by time. That of the units may go into debt: a command is taken when there is one unit, and what
 * it comes to is charged when that is known; the next one waits until the debt is paid. Times are of any clock, in milliseconds.
 */
export class Budget implements Meter {
  /** Replaced for all budgets of a kind at once. */
  readonly #kind: { readonly rates: BudgetRates };
  #units: number;
  #refusals: number;
  #handshakes: number;
  #updatedMs: number;
  /** Until when handshakes are refused because too many commands were. */
  #pausedUntilMs = -Infinity;

  /** Begins full. */
  constructor(kind: { readonly rates: BudgetRates }, nowMs: number) {
    this.#kind = kind;
    const { unitBurst, refusalBurst, handshakeBurst } = kind.rates;
    this.#units = unitBurst;
    this.#refusals = refusalBurst;
    this.#handshakes = handshakeBurst;
    this.#updatedMs = nowMs;
  }

  /** Milliseconds until a command is taken; 0 when one would be now. */
  waitMs(nowMs: number): number {
    this.#fill(nowMs);
    return waitFor(this.#units, this.#kind.rates.unitsPerSecond);
  }

  /** Takes a command of so many units; otherwise returns the milliseconds until one is taken. */
  take(units: number, nowMs: number): number {
    const waitMs = this.waitMs(nowMs);
    if (waitMs === 0) this.#units -= units;
    return waitMs;
  }

  /** Milliseconds until no more is owed than there is after a rest. */
  heavyDebtMs(nowMs: number): number {
    this.#fill(nowMs);
    const { unitBurst, unitsPerSecond } = this.#kind.rates;
    return Math.max(0, Math.ceil((-unitBurst - this.#units) / unitsPerSecond * 1000));
  }

  /** Whether more was charged than there was. */
  owes(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#units < 0;
  }

  charge(units: number): void {
    this.#units -= units;
  }

  /** Counts what was refused. False when it was too much: then the caller stays away for {@link pauseMs}. */
  refused(count: number, nowMs: number): boolean {
    this.#fill(nowMs);
    this.#refusals = Math.max(-1, this.#refusals - count);
    if (this.#refusals >= 0) return true;
    this.#pausedUntilMs = nowMs + this.#kind.rates.pauseMs;
    return false;
  }

  /** How long one who had too many commands refused stays away. */
  get pauseMs(): number {
    return this.#kind.rates.pauseMs;
  }

  /** Milliseconds until a handshake is taken; 0 when one would be now. */
  handshakeWaitMs(nowMs: number): number {
    this.#fill(nowMs);
    const { handshakesPerSecond } = this.#kind.rates;
    const paused = Math.max(0, Math.ceil(this.#pausedUntilMs - nowMs));
    return Math.max(paused, waitFor(this.#handshakes, handshakesPerSecond));
  }

  /** Takes a handshake; otherwise returns the milliseconds until one is taken. */
  takeHandshake(nowMs: number): number {
    const waitMs = this.handshakeWaitMs(nowMs);
    if (waitMs === 0) this.#handshakes--;
    return waitMs;
  }

  /** Whether there is nothing to remember: it is as a new one would be. */
  isFull(nowMs: number): boolean {
    this.#fill(nowMs);
    const { unitBurst, refusalBurst, handshakeBurst } = this.#kind.rates;
    return this.#units >= unitBurst && this.#refusals >= refusalBurst &&
      this.#handshakes >= handshakeBurst && this.#pausedUntilMs <= nowMs;
  }

  #fill(nowMs: number): void {
    if (nowMs === this.#updatedMs) return;
    const passedMs = nowMs - this.#updatedMs;
    // A clock that leaps back takes nothing away, and makes no pause longer.
    if (passedMs < 0) this.#pausedUntilMs += passedMs;
    const seconds = Math.max(0, passedMs) / 1000;
    const { rates } = this.#kind;
    this.#units = Math.min(rates.unitBurst, this.#units + seconds * rates.unitsPerSecond);
    this.#refusals = Math.min(rates.refusalBurst, this.#refusals + seconds * rates.refusalsPerSecond);
    this.#handshakes = Math.min(rates.handshakeBurst, this.#handshakes + seconds * rates.handshakesPerSecond);
    this.#updatedMs = nowMs;
  }
}

/** Units of so many bytes from a client beyond those of the commands in them. Nothing at all costs one, too. */
export function unitsOf(bytes: number, commands: number): number {
  return Math.max(0, Math.floor(bytes / UNIT_BYTES) - commands, 1 - commands);
}

/** Refused commands that a frame counts as which is refused before it is read. */
export function refusalsOf(bytes: number): number {
  return 1 + Math.floor(bytes / REFUSED_BYTES);
}

/** Who floods gets the same refusal for a whole frame: making an error takes ten times as long as finding it due. */
export function tooManyCommands(waitMs: number): ChatError {
  if (lastRefusal?.retryAfterMs === waitMs) return lastRefusal;
  return lastRefusal = new ChatError(Code.RESOURCE_EXHAUSTED, "Too many commands: slow down", waitMs);
}

let lastRefusal: ChatError | undefined;

/** Milliseconds until a bucket has one. */
function waitFor(tokens: number, perSecond: number): number {
  return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perSecond * 1000);
}
