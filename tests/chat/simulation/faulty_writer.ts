/** A store's writer that takes its time and breaks down. @module */
import type { Event } from "../../../src/chat/event.ts";
import { type Draft, type EventWriter, type Outcome, StoreFailure } from "../../../src/chat/ports.ts";
import type { MemoryStore } from "../../../src/store/memory.ts";
import type { Dice } from "./dice.ts";
import type { Witness } from "./witness.ts";

/** Ways to break the promises on purpose, to see that the simulation notices. */
export type Mutation =
  | "none"
  | "answer-before-commit"
  | "forget-keys"
  | "never-cut-channel"
  | "never-end-session"
  | "drop-event"
  | "double-event"
  | "swap-events";

export interface FaultyWriterOptions {
  readonly store: MemoryStore;
  readonly witness: Witness;
  readonly dice: Dice;
  readonly mutation: Mutation;
}

export class FaultyWriter implements EventWriter {
  readonly #options: FaultyWriterOptions;
  #held: (() => void)[] = [];
  /** Commits are held, and fail now and then. */
  faulty = false;
  /** It stored a batch and could not say so; nothing works until a restart. */
  dead = false;
  readonly counts = { commits: 0, failures: 0, deaths: 0, duplicates: 0 };

  constructor(options: FaultyWriterOptions) {
    this.#options = options;
  }

  async commit(batch: readonly Draft[]): Promise<Outcome[]> {
    const { dice, store, mutation } = this.#options;
    if (mutation === "answer-before-commit" && this.faulty && dice.chance(0.2)) return this.#pretend(batch);
    await this.#hold();
    this.#failNow(0.06);
    const drafts = mutation === "forget-keys" ? batch.map((draft) => ({ ...draft, key: "" })) : batch;
    const outcomes = await store.commit(drafts);
    this.counts.commits++;
    for (const outcome of outcomes) {
      if (outcome.status === "duplicate") this.counts.duplicates++;
      if (outcome.status === "stored") {
        for (const event of outcome.events) this.#options.witness.store(event);
      }
    }
    await this.#hold();
    if (this.faulty && dice.chance(0.02)) {
      this.dead = true;
      this.counts.deaths++;
      throw new StoreFailure("The writer died after it had stored the batch");
    }
    return outcomes.map((outcome) => this.#mutilate(outcome));
  }

  touchSessions(lastUsed: ReadonlyMap<number, number>): void {
    this.#options.store.touchSessions(lastUsed);
  }

  get holding(): number {
    return this.#held.length;
  }

  /** Lets a held commit go on. */
  release(): void {
    this.#held.shift()?.();
  }

  /** The process that waited for the held commits is gone. */
  forget(): void {
    this.#held = [];
    this.dead = false;
  }

  #hold(): Promise<void> {
    if (!this.faulty || !this.#options.dice.chance(0.5)) return Promise.resolve();
    return new Promise((resolve) => this.#held.push(resolve));
  }

  #failNow(probability: number): void {
    if (!this.dead && !(this.faulty && this.#options.dice.chance(probability))) return;
    this.counts.failures++;
    throw new StoreFailure("Nothing was stored");
  }

  /** Answers as if it had stored. */
  #pretend(batch: readonly Draft[]): Outcome[] {
    const heads = new Map<number, number>();
    return batch.map(({ actorId, events }) => ({
      status: "stored",
      events: events.map(({ stream, body }): Event => {
        const seq = (heads.get(stream) ?? this.#options.store.head(stream)) + 1;
        heads.set(stream, seq);
        return { stream, seq, timeMs: 0, actorId, body };
      }),
    }));
  }

  /** Hides from the core what it should act on. */
  #mutilate(outcome: Outcome): Outcome {
    const hidden = this.#options.mutation === "never-cut-channel"
      ? "channelLost"
      : this.#options.mutation === "never-end-session"
      ? "sessionEnded"
      : undefined;
    if (hidden === undefined || outcome.status !== "stored" || outcome.events[0]!.body.case === hidden) {
      return outcome;
    }
    return { ...outcome, events: outcome.events.filter(({ body }) => body.case !== hidden) };
  }
}
