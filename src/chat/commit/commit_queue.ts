/**
 * The one way to durable change.
 *
 * Commands gather while the commit before them runs; an idle queue commits at
 * once. There is no timer: batches grow with the load by themselves. Nothing is
 * answered or published before its commit.
 *
 * @module
 */
import { type Batch, decideBatch } from "./batch.ts";
import type { Decision } from "../commands/definition.ts";
import type { CommittedFacts } from "../facts/committed_facts.ts";
import { ChatError, Code } from "../error.ts";
import type { Event } from "../event.ts";
import { applyEvent } from "../facts/facts.ts";
import {
  type Draft,
  type EventReader,
  type EventWriter,
  type Log,
  type Outcome,
  StoreFailure,
} from "../ports.ts";
import { cannotStore, RETRY_AFTER_MS, settleFrom, type Task, unavailable } from "./task.ts";

interface Dependencies {
  readonly writer: EventWriter;
  readonly reader: EventReader;
  readonly facts: CommittedFacts;
  readonly log: Log;
  readonly queuedCommands: number;
  readonly batchCommands: number;
  /** Commands of one user in a batch. */
  readonly userBatchCommands: number;
  /** Throws ChatError when the task may not store its events now. */
  admit(task: Task, decision: Decision): void;
  /** Called with what was admitted and not stored. */
  notStored(draft: Draft): void;
  /** Takes committed events in order; called once per batch, after its replies. */
  publish(events: readonly Event[]): void;
  /** Called once when the queue itself has failed: it will commit nothing any more. */
  onFatal?(error: unknown): void;
}

const STOPPING = "The server is stopping: reconnect and send again";

/** Gathers, decides, commits, answers, publishes. */
export class CommitQueue {
  readonly #deps: Dependencies;
  #waiting: Task[] = [];
  #running: Promise<void> | undefined;
  #closed = false;
  /** Commands are kept, and none is decided. */
  #paused = false;
  /** What they are told when they are not even kept. */
  #pauseRefusal: string | undefined;
  /** Batches and commands committed since the start. */
  readonly counters = { batches: 0, commands: 0, events: 0, failures: 0 };

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Commands that have not been decided. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Whether commands are kept, and none is decided. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Takes a command; its task is settled or failed later, never within this call. */
  push(task: Task): void {
    if (this.#closed) {
      return later(() => task.fail(unavailable(STOPPING)));
    }
    if (this.#waiting.length >= this.#deps.queuedCommands) {
      const error = new ChatError(
        Code.RESOURCE_EXHAUSTED,
        "Too many commands wait: send again",
        RETRY_AFTER_MS,
      );
      return later(() => task.fail(error));
    }
    if (this.#pauseRefusal !== undefined) {
      const refusal = unavailable(this.#pauseRefusal);
      return later(() => task.fail(refusal));
    }
    this.#waiting.push(task);
    this.#start();
  }

  /** Decides nothing more until {@link resume}; resolves when nothing is on its way to the store. */
  async pause(): Promise<void> {
    this.#paused = true;
    await this.#running;
  }

  /** Answers what a pause has kept, and everything that comes until {@link resume}, with a refusal. */
  refuseKept(message: string): void {
    this.#pauseRefusal = message;
    this.#failKept(message);
  }

  /** Goes on with what was kept. */
  resume(): void {
    this.#paused = false;
    this.#pauseRefusal = undefined;
    if (this.#waiting.length > 0) this.#start();
  }

  /** Commits what is queued, unless it is paused, and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    this.#failKept(STOPPING);
  }

  #start(): void {
    if (this.#paused) return;
    // One microtask later, so that the commands of one frame share a batch.
    this.#running ??= Promise.resolve().then(() => this.#run()).catch((error: unknown) => this.#die(error));
  }

  #failKept(message: string): void {
    const refusal = unavailable(message);
    for (const task of this.#waiting.splice(0)) this.#tell(task, () => task.fail(refusal));
  }

  /** What it knows of the running batch may be half true now: only a new start makes sure. */
  #die(error: unknown): void {
    this.#closed = true;
    const refusal = cannotStore();
    for (const task of this.#waiting.splice(0)) this.#tell(task, () => task.fail(refusal));
    this.#deps.onFatal?.(error);
  }

  async #run(): Promise<void> {
    let commit = this.#begin();
    while (commit) {
      const { batch, stored } = commit;
      const outcomes = await stored.catch((error: unknown) => this.#failed(batch, error));
      const events = outcomes ? this.#apply(batch, outcomes) : [];
      // The next commit starts before the fan-out, so that disk and sockets work side by side.
      const next = this.#begin();
      if (outcomes) this.#answer(batch, outcomes);
      if (events.length > 0) this.#publish(events);
      commit = next ?? this.#begin();
    }
    this.#running = undefined;
  }

  #begin(): { batch: Batch; stored: Promise<Outcome[]> } | undefined {
    while (this.#waiting.length > 0 && !this.#paused) {
      const batch = decideBatch(this.#take(), this.#deps);
      if (batch.drafts.length > 0) return { batch, stored: this.#deps.writer.commit(batch.drafts) };
      later(() => this.#answer(batch, []));
    }
    return undefined;
  }

  /**
   * The next batch. Nobody has more than a share of it, so that those who come while one user's many commands are stored
   * wait for one batch and not for all of them; each user's own commands keep their order.
   */
  #take(): Task[] {
    const { batchCommands, userBatchCommands } = this.#deps;
    const waiting = this.#waiting;
    if (waiting.length <= Math.min(batchCommands, userBatchCommands)) {
      this.#waiting = [];
      return waiting;
    }
    const taken: Task[] = [];
    const left: Task[] = [];
    const shares = new Map<number, number>();
    let at = 0;
    for (; at < waiting.length && taken.length < batchCommands; at++) {
      const task = waiting[at]!;
      const share = shares.get(task.actorId) ?? 0;
      if (share < userBatchCommands) taken.push(task);
      else left.push(task);
      shares.set(task.actorId, share + 1);
    }
    this.#waiting = left.concat(waiting.slice(at));
    return taken;
  }

  #apply({ drafts }: Batch, outcomes: readonly Outcome[]): Event[] {
    const events: Event[] = [];
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status !== "stored") {
        this.#deps.notStored(drafts[at]!);
        continue;
      }
      for (const event of outcome.events) {
        applyEvent(this.#deps.facts, event, event);
        events.push(event);
      }
    }
    this.counters.batches++;
    this.counters.commands += outcomes.length;
    this.counters.events += events.length;
    return events;
  }

  #answer(batch: Batch, outcomes: readonly Outcome[]): void {
    const failed = outcomes.findIndex(({ status }) => status === "failed");
    for (const { task, draft, answer } of batch.waiting) {
      const outcome = outcomes[draft];
      this.#tell(task, () => {
        // It may rest on the draft that was not stored.
        if (answer && failed >= 0 && failed < draft) return task.fail(cannotStore());
        if (answer) return answer();
        if (outcome!.status === "failed") return task.fail(outcome!.error);
        if (outcome!.status === "duplicate") return settleFrom(task, outcome!.first);
        settleFrom(task, outcome!.events[0]!, batch.drafts[draft]!.fingerprint);
      });
    }
  }

  /** One answer that cannot be given must not keep the others, or the queue, from going on. */
  #tell(task: Task, answer: () => void): void {
    try {
      answer();
    } catch (error) {
      const { trace, actorId: user, first } = task;
      this.#deps.log.report("command_not_answered", { ...trace, user, first, error });
    }
  }

  #publish(events: readonly Event[]): void {
    try {
      this.#deps.publish(events);
    } catch (error) {
      // What is committed stays true; whoever missed it resumes from the log.
      this.#deps.log.report("publish_failed", { error });
    }
  }

  #failed(batch: Batch, error: unknown): undefined {
    this.counters.failures++;
    for (const draft of batch.drafts) this.#deps.notStored(draft);
    const reason = error instanceof StoreFailure ? error.message : error;
    this.#deps.log.report("commit_failed", { commands: batch.drafts.length, error: reason });
    const refusal = cannotStore();
    for (const { task, draft, answer } of batch.waiting) {
      // What was refused, or found done, because of a decision that is void now must be asked again.
      this.#tell(task, () => answer && draft === 0 ? answer() : task.fail(refusal));
    }
    return undefined;
  }
}

function later(callback: () => void): void {
  queueMicrotask(callback);
}
