/**
 * The one way to durable change.
 *
 * Commands gather while the commit before them runs; an idle queue commits at
 * once. There is no timer: batches grow with the load by themselves. A batch
 * is decided in order, each command on facts that hold the decisions before
 * it, so a removal and a message by the removed are never both accepted out
 * of order. Nothing is answered or published before its commit.
 *
 * @module
 */
import { ChatError, Code } from "./error.ts";
import type { Event, EventCase } from "./event.ts";
import { applyEvent, type Facts } from "./facts.ts";
import type { CommittedFacts } from "./committed_facts.ts";
import type { Trace } from "./log_event.ts";
import { PendingFacts } from "./pending_facts.ts";
import type { Decision } from "./commands/spec.ts";
import {
  type Draft,
  type EventReader,
  type EventWriter,
  type Log,
  type Outcome,
  StoreFailure,
} from "./ports.ts";
import type { Result } from "./reply.ts";

/** One command on its way to the store. */
export interface Task {
  readonly actorId: number;
  /** Session that asked; 0 for callers without one. */
  readonly sessionId: number;
  /** Client's own name for the command; empty when it gave none. */
  readonly key: string;
  /** Kind of the first event, by which a key is known to be this command's. */
  readonly first: EventCase;
  /** For the log. */
  readonly trace?: Trace | undefined;
  /** Decides on facts that include the batch so far; throws ChatError to refuse. */
  decide(facts: Facts): Decision;
  /** Result made of the first event, after the commit. */
  result(first: Event): Result;
  /** Called exactly once. */
  settle(result: Result): void;
  /** Called exactly once instead of settle, when the command was refused or failed. */
  fail(error: unknown): void;
}

interface Dependencies {
  readonly writer: EventWriter;
  readonly reader: EventReader;
  readonly facts: CommittedFacts;
  readonly log: Log;
  readonly queuedCommands: number;
  readonly batchCommands: number;
  /** Takes committed events in order; called once per batch, after its replies. */
  publish(events: readonly Event[]): void;
  /** Called once when the queue itself has failed: it will commit nothing any more. */
  onFatal?(error: unknown): void;
}

/** A task and what it waits for. Nobody is answered before the commit on which the answer rests. */
interface Waiting {
  readonly task: Task;
  /** Its own draft, or the first with its key; without a draft: how many were decided before it. */
  readonly draft: number;
  /** Answers a task that has no draft. */
  readonly answer?: () => void;
}

interface Batch {
  readonly drafts: Draft[];
  /** Every task, in order. */
  readonly waiting: Waiting[];
}

const RETRY_AFTER_MS = 1000;
const STOPPING = "The server is stopping: reconnect and send again";
/** Commands that later decisions do not rest on, so that a repeated key may be left to the store. */
const FACTLESS: ReadonlySet<EventCase> = new Set(["messageSent", "messageEdited"]);

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
    const refusal = unavailable("The server cannot store now: send again");
    for (const task of this.#waiting.splice(0)) this.#tell(task, () => task.fail(refusal));
    this.#deps.onFatal?.(error);
  }

  async #run(): Promise<void> {
    let commit = this.#begin();
    while (commit) {
      const { batch, stored } = commit;
      const outcomes = await stored.catch((error: unknown) => this.#failed(batch, error));
      const events = outcomes ? this.#apply(outcomes) : [];
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
      const batch = this.#decide(this.#take());
      if (batch.drafts.length > 0) return { batch, stored: this.#deps.writer.commit(batch.drafts) };
      later(() => this.#answer(batch, []));
    }
    return undefined;
  }

  #take(): Task[] {
    if (this.#waiting.length <= this.#deps.batchCommands) {
      const all = this.#waiting;
      this.#waiting = [];
      return all;
    }
    return this.#waiting.splice(0, this.#deps.batchCommands);
  }

  #decide(tasks: Task[]): Batch {
    const batch: Batch = { drafts: [], waiting: [] };
    const { drafts, waiting } = batch;
    const facts = new PendingFacts(this.#deps.facts);
    const draftByKey = new Map<string, number>();
    for (const task of tasks) {
      const name = task.key === "" ? "" : `${task.actorId} ${task.key}`;
      const earlier = name === "" ? undefined : draftByKey.get(name);
      if (earlier !== undefined) {
        waiting.push({ task, draft: earlier });
        continue;
      }
      const decided = this.#draft(task, facts);
      if (typeof decided === "function") {
        waiting.push({ task, draft: drafts.length, answer: decided });
        continue;
      }
      if (name !== "") draftByKey.set(name, drafts.length);
      waiting.push({ task, draft: drafts.length });
      drafts.push(decided);
    }
    return batch;
  }

  /** The task's draft, with its events applied to the facts; or its answer, when there is nothing to store. */
  #draft(task: Task, facts: PendingFacts): Draft | (() => void) {
    try {
      if (task.sessionId !== 0 && !facts.hasSession(task.sessionId)) {
        const ended = new ChatError(Code.UNAUTHENTICATED, "The session has ended: log in again");
        return () => task.fail(ended);
      }
      // The store would find the repeated key, but the batch would have been decided as if it were new.
      const first = FACTLESS.has(task.first) ? undefined : this.#firstOf(task);
      if (first) return () => settleFrom(task, first);
      const { events, unchanged } = task.decide(facts);
      if (events.length === 0) return () => this.#settleUndrafted(task, () => task.settle(unchanged!));
      for (const event of events) applyEvent(facts, event, { seq: 0, timeMs: 0, actorId: task.actorId });
      return { actorId: task.actorId, key: task.key, events };
    } catch (error) {
      return () => this.#settleUndrafted(task, () => task.fail(error));
    }
  }

  /** A command that is refused or changes nothing may be the retry of one that was stored. */
  #settleUndrafted(task: Task, otherwise: () => void): void {
    const first = this.#firstOf(task);
    if (first) settleFrom(task, first);
    else otherwise();
  }

  #firstOf(task: Task): Event | undefined {
    return task.key === "" ? undefined : this.#deps.reader.findByKey(task.actorId, task.key);
  }

  #apply(outcomes: readonly Outcome[]): Event[] {
    const events: Event[] = [];
    for (const outcome of outcomes) {
      if (outcome.status !== "stored") continue;
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
        settleFrom(task, outcome!.status === "stored" ? outcome!.events[0]! : outcome!.first);
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

function settleFrom(task: Task, first: Event): void {
  let result: Result;
  try {
    if (first.body.case !== task.first) {
      throw new ChatError(Code.INVALID_ARGUMENT, "Key not usable: it was used for another command");
    }
    result = task.result(first);
  } catch (error) {
    return task.fail(error);
  }
  task.settle(result);
}

function cannotStore(): ChatError {
  return unavailable("The server cannot store now: send again");
}

function unavailable(message: string): ChatError {
  return new ChatError(Code.UNAVAILABLE, message, RETRY_AFTER_MS);
}

function later(callback: () => void): void {
  queueMicrotask(callback);
}
