/** A clock, a loop and passwords that answer when chance says so. @module */
import type { Loop } from "../../../src/chat/ports.ts";
import { ManualClock } from "../clock.ts";
import { PlainPasswords } from "../fakes.ts";
import type { Dice } from "./dice.ts";

/** The loop's turns come apart from the time. */
export class SimulatedClock extends ManualClock implements Loop {
  #turns = new Set<() => void>();

  override soon(callback: () => void): () => void {
    const turn = () => callback();
    this.#turns.add(turn);
    return () => this.#turns.delete(turn);
  }

  /** Turns that somebody waits for. */
  get turns(): number {
    return this.#turns.size;
  }

  /** Gives everybody who waits a turn; those who ask for another one meanwhile wait again. */
  turn(): void {
    const turns = [...this.#turns];
    for (const turn of turns) if (this.#turns.delete(turn)) turn();
  }
}

/** Passwords that wait, and are answered in any order. */
export class HeldPasswords extends PlainPasswords {
  readonly #dice: Dice;
  readonly #held: (() => void)[] = [];
  slow = false;

  constructor(dice: Dice) {
    super();
    this.#dice = dice;
  }

  get holding(): number {
    return this.#held.length;
  }

  /** Answers one of those who wait. */
  release(): void {
    const [resolve] = this.#held.splice(this.#dice.below(this.#held.length), 1);
    resolve?.();
  }

  override async verify(
    password: string,
    hash: string | undefined,
  ): Promise<{ ok: boolean; outdated: boolean }> {
    const answer = await super.verify(password, hash);
    if (this.slow) await new Promise<void>((resolve) => this.#held.push(resolve));
    return answer;
  }
}
