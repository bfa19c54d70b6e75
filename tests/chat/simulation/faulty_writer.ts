/** A store's writer that takes its time and breaks down. @module */
import type { Event, EventCase } from "../../../src/chat/event.ts";
import { type Draft, type EventWriter, type Outcome, StoreFailure } from "../../../src/chat/ports.ts";
import type { Dice } from "./dice.ts";
import type { Disk } from "./disk.ts";

/** Ways to break the promises on purpose, to see that the simulation notices. */
export type Mutation =
  | "none"
  | "answer-before-commit"
  | "never-sync"
  | "forget-keys"
  | "never-cut-channel"
  | "never-end-session"
  | "drop-event"
  | "double-event"
  | "swap-events";

export interface FaultyWriterOptions {
  readonly disk: Disk;
  readonly dice: Dice;
  readonly mutation: Mutation;
}

/** What may fail alone: no other decision of the batch rests on it as if it were stored. */
const LONELY: ReadonlySet<EventCase> = new Set([
  "messageSent",
  "messageEdited",
  "readMoved",
  "reactionAdded",
]);

export class FaultyWriter implements EventWriter {
  readonly #options: FaultyWriterOptions;
  #held: (() => void)[] = [];
  /** The batch that is not written yet. */
  #unwritten: readonly Draft[] | undefined;
  /** Steps for which nothing goes on. */
  #stalled = 0;
  /** Commits are held, and fail now and then. */
  faulty = false;
  /** It stored a batch and could not say so; nothing works until a restart. */
  dead = false;
  readonly counts = {
    commits: 0,
    failures: 0,
    lonelyFailures: 0,
    deaths: 0,
    duplicates: 0,
    survivors: 0,
    stalls: 0,
  };

  constructor(options: FaultyWriterOptions) {
    this.#options = options;
  }

  async commit(batch: readonly Draft[]): Promise<Outcome[]> {
    const { dice, mutation } = this.#options;
    if (mutation === "answer-before-commit" && this.faulty && dice.chance(0.2)) return this.#pretend(batch);
    this.#unwritten = batch;
    await this.#hold();
    this.#unwritten = undefined;
    this.#failNow(0.06);
    const outcomes = await this.#store(batch);
    await this.#hold();
    if (this.faulty && dice.chance(0.02)) {
      this.dead = true;
      this.counts.deaths++;
      throw new StoreFailure("The writer died after it had stored the batch");
    }
    return outcomes.map((outcome) => this.#mutilate(outcome));
  }

  touchSessions(lastUsed: ReadonlyMap<number, number>): void {
    this.#options.disk.store.touchSessions(lastUsed);
  }

  get holding(): number {
    return this.#held.length;
  }

  get stalled(): boolean {
    return this.#stalled > 0;
  }

  /** For so many steps nothing is stored and nothing is answered. */
  stall(steps: number): void {
    this.counts.stalls++;
    this.#stalled = steps;
  }

  /** A step has passed. */
  tick(): void {
    if (this.#stalled > 0) this.#stalled--;
  }

  /** Lets a held commit go on. */
  release(): void {
    if (!this.stalled) this.#held.shift()?.();
  }

  /** The process is gone; what it was writing may have reached the disk all the same. */
  async die(): Promise<void> {
    // Who has died writes no more.
    const unwritten = this.dead ? undefined : this.#unwritten;
    this.#unwritten = undefined;
    this.#held = [];
    this.#stalled = 0;
    this.dead = false;
    if (!unwritten || !this.#options.dice.chance(0.5)) return;
    this.counts.survivors++;
    await this.#store(unwritten);
  }

  #hold(): Promise<void> {
    if (!this.stalled && (!this.faulty || !this.#options.dice.chance(0.5))) return Promise.resolve();
    return new Promise((resolve) => this.#held.push(resolve));
  }

  #failNow(probability: number): void {
    if (!this.dead && !(this.faulty && this.#options.dice.chance(probability))) return;
    this.counts.failures++;
    throw new StoreFailure("Nothing was stored");
  }

  async #store(batch: readonly Draft[]): Promise<Outcome[]> {
    const { disk, dice, mutation } = this.#options;
    const drafts = mutation === "forget-keys" ? batch.map((draft) => ({ ...draft, key: "" })) : [...batch];
    const lonely = this.faulty && dice.chance(0.04) ? dice.below(drafts.length) : -1;
    const failing = this.#mayFail(drafts[lonely]);
    const outcomes = await disk.commit(failing ? drafts.toSpliced(lonely, 1) : drafts);
    if (failing) {
      this.counts.lonelyFailures++;
      outcomes.splice(lonely, 0, { status: "failed", error: new Error("This row cannot be stored") });
    }
    this.counts.commits++;
    for (const { status } of outcomes) if (status === "duplicate") this.counts.duplicates++;
    return outcomes;
  }

  /** What is stored already is found by its key, not stored again. */
  #mayFail(draft: Draft | undefined): boolean {
    if (!draft || !LONELY.has(draft.events[0]!.body.case)) return false;
    const { store } = this.#options.disk;
    return draft.key === "" || store.findByKey(draft.actorId, draft.key) === undefined;
  }

  /** Answers as if it had stored. */
  #pretend(batch: readonly Draft[]): Outcome[] {
    const heads = new Map<number, number>();
    return batch.map(({ actorId, events }) => ({
      status: "stored",
      events: events.map(({ stream, body }): Event => {
        const seq = (heads.get(stream) ?? this.#options.disk.store.head(stream)) + 1;
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
