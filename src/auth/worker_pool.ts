/**
 * Bounded queues in front of a few Web Workers. One job at a time per worker,
 * in fair turns of those who ask; a worker that dies or falls silent is
 * replaced and its job given to another one, once.
 *
 * @module
 */
import { ChatError, Code } from "../chat/error.ts";
import type { Clock, Log } from "../chat/ports.ts";
import { FairQueue } from "./fair_queue.ts";

/** The part of `Worker` that the pool uses. */
export interface WorkerHandle {
  onmessage: ((event: MessageEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

export interface WorkerPoolOptions {
  readonly spawn: () => WorkerHandle;
  readonly clock: Clock;
  /** Workers at most. */
  readonly workers: number;
  /** As many jobs may wait in one queue as the workers can begin within this time. */
  readonly maxWaitMs: number;
  /** A job without an answer for this long means a dead worker. */
  readonly jobTimeoutMs: number;
  /** Guess of a job's time until one was measured. */
  readonly expectedJobMs: number;
  readonly log?: Log | undefined;
  /** Called with the milliseconds that a worker took for a job. */
  readonly onDone?: ((tookMs: number) => void) | undefined;
}

interface Task<Job, Result> {
  readonly id: number;
  readonly job: Job;
  readonly path: readonly string[];
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: Error) => void;
  attempts: number;
}

interface Slot<Job, Result> {
  readonly worker: WorkerHandle;
  task: Task<Job, Result> | undefined;
  startedMs: number;
  cancelTimeout: () => void;
}

/** Share of the newest job in the moving average. */
const NEWEST_SHARE = 0.2;
const MAX_ATTEMPTS = 2;
/** Nobody is told to wait longer: some will not come back, and their places would stay empty. */
const TOLD_MS_MAX = 30_000;
/** However fast the workers are: what waits takes memory. */
const QUEUED_MAX = 512;
/** Groups whose time to come back is remembered. */
const TOLD_GROUPS = 1024;

/** Runs jobs in workers that answer `{ id, result }` or `{ id, error }` to `{ id, job }`. */
export class WorkerPool<Job, Result> implements Disposable {
  readonly #options: WorkerPoolOptions;
  readonly #slots = new Set<Slot<Job, Result>>();
  readonly #waiting = new FairQueue<Task<Job, Result>>();
  /** Jobs whose worker died; they have had their turn. */
  readonly #again: Task<Job, Result>[] = [];
  #averageMs: number;
  #lastId = 0;
  #refused = 0;
  #replaced = 0;
  /** When the newest of those who were refused is to come back, by outermost group; the longest quiet first. */
  readonly #toldMs = new Map<string, number>();
  #disposed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#averageMs = options.expectedJobMs;
  }

  /** Jobs that wait and run now; those refused because too many waited, and workers that died, since the start. */
  get load(): {
    readonly waiting: number;
    readonly running: number;
    readonly refused: number;
    readonly replaced: number;
  } {
    let running = 0;
    for (const slot of this.#slots) if (slot.task) running++;
    return {
      waiting: this.#waiting.size() + this.#again.length,
      running,
      refused: this.#refused,
      replaced: this.#replaced,
    };
  }

  /** Starts the workers that are missing, so that the first job does not wait for one. */
  warm(): void {
    while (this.#slots.size < this.#options.workers) this.#addSlot();
  }

  /**
   * Does one job. The path says whose it is: the queue, then the groups that share turns in it, outermost first. What is
   * over the bound of a queue is refused at the end of its largest group, be it the new job or one that waits. Rejects with
   * ChatError resource_exhausted then, unavailable when workers died over it or the pool is disposed, and with a plain
   * Error when the worker could not do it.
   */
  run(job: Job, path: readonly [queue: string, ...groups: string[]]): Promise<Result> {
    if (this.#disposed) return Promise.reject(stopping());
    return new Promise((resolve, reject) => {
      this.#waiting.add(path, { id: ++this.#lastId, job, path, resolve, reject, attempts: 0 });
      this.#assign();
      const queue = [path[0]];
      if (this.#waiting.size(queue) <= this.#capacity) return;
      const task = this.#waiting.drop(queue)!;
      this.#refused++;
      task.reject(this.#overloaded(task.path));
    });
  }

  /** Terminates the workers and rejects all that run or wait. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    const left = this.#again.splice(0);
    for (let task = this.#waiting.take(); task; task = this.#waiting.take()) left.push(task);
    for (const slot of [...this.#slots]) {
      if (slot.task) left.push(slot.task);
      this.#removeSlot(slot);
    }
    for (const task of left) task.reject(stopping());
  }

  #assign(): void {
    while (this.load.waiting > 0 && !this.#disposed) {
      const slot = this.#freeSlot();
      if (!slot) return;
      this.#start(slot, this.#again.shift() ?? this.#waiting.take()!);
    }
  }

  /** Jobs that may wait in one queue. */
  get #capacity(): number {
    const { workers, maxWaitMs } = this.#options;
    const jobs = Math.floor(maxWaitMs / this.#everyMs);
    return Math.min(QUEUED_MAX, Math.max(workers, jobs));
  }

  /** One of the workers is expected to be done as often. */
  get #everyMs(): number {
    return Math.max(1, this.#averageMs) / this.#options.workers;
  }

  #freeSlot(): Slot<Job, Result> | undefined {
    for (const slot of this.#slots) if (!slot.task) return slot;
    return this.#slots.size < this.#options.workers ? this.#addSlot() : undefined;
  }

  #addSlot(): Slot<Job, Result> {
    const worker = this.#options.spawn();
    const slot: Slot<Job, Result> = { worker, task: undefined, startedMs: 0, cancelTimeout: () => {} };
    worker.onmessage = (event) => this.#answered(slot, event.data);
    worker.onmessageerror = () => this.#died(slot, "its answer could not be read");
    worker.onerror = (event) => {
      // An error event that nobody prevents goes on to end the whole process.
      event.preventDefault();
      this.#died(slot, event.message);
    };
    this.#slots.add(slot);
    return slot;
  }

  #removeSlot(slot: Slot<Job, Result>): void {
    slot.cancelTimeout();
    slot.worker.onmessage = slot.worker.onmessageerror = slot.worker.onerror = null;
    slot.worker.terminate();
    this.#slots.delete(slot);
  }

  #start(slot: Slot<Job, Result>, task: Task<Job, Result>): void {
    const { clock, jobTimeoutMs } = this.#options;
    task.attempts++;
    slot.task = task;
    slot.startedMs = clock.now();
    slot.cancelTimeout = clock.after(jobTimeoutMs, () => this.#died(slot, "no answer"));
    slot.worker.postMessage({ id: task.id, job: task.job });
  }

  #answered(slot: Slot<Job, Result>, answer: { id?: number; result?: Result; error?: string }): void {
    const task = slot.task;
    if (!task || answer?.id !== task.id) return;
    slot.cancelTimeout();
    slot.task = undefined;
    const tookMs = Math.max(0, this.#options.clock.now() - slot.startedMs);
    this.#averageMs += NEWEST_SHARE * (tookMs - this.#averageMs);
    this.#options.onDone?.(tookMs);
    if (answer.error === undefined) task.resolve(answer.result as Result);
    else task.reject(new Error(answer.error));
    this.#assign();
  }

  #died(slot: Slot<Job, Result>, reason: string): void {
    const task = slot.task;
    this.#removeSlot(slot);
    this.#replaced++;
    this.#options.log?.report("password_worker_replaced", { reason });
    if (task && task.attempts < MAX_ATTEMPTS) this.#again.push(task);
    else if (task) task.reject(new ChatError(Code.UNAVAILABLE, "Passwords cannot be checked now; try again"));
    this.#assign();
  }

  /** All of a group that are refused are told another time, each when the group will have one more place. */
  #overloaded([queue, group = ""]: readonly string[]): ChatError {
    const now = this.#options.clock.now();
    const turns = Math.max(1, this.#waiting.groups([queue!])) * Math.max(1, this.#waiting.groups([]));
    const key = `${queue} ${group}`;
    const earliestMs = Math.max(this.#toldMs.get(key) ?? 0, now);
    const toldMs = Math.min(earliestMs + turns * this.#everyMs, now + TOLD_MS_MAX);
    this.#toldMs.delete(key);
    if (this.#toldMs.size >= TOLD_GROUPS) this.#toldMs.delete(this.#toldMs.keys().next().value!);
    this.#toldMs.set(key, toldMs);
    return new ChatError(
      Code.RESOURCE_EXHAUSTED,
      "Too many people are logging in; try again soon",
      Math.max(1, Math.ceil(toldMs - now)),
    );
  }
}

function stopping(): ChatError {
  return new ChatError(Code.UNAVAILABLE, "The server is stopping");
}
