/**
 * A bounded queue in front of a few Web Workers. One job at a time per worker,
 * first come first served; a worker that dies or falls silent is replaced and
 * its job given to another one, once.
 *
 * @module
 */
import { ChatError, Code } from "../chat/error.ts";
import type { Clock, Log } from "../chat/ports.ts";

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
  /** Jobs that may wait; those that run do not count. */
  readonly maxQueued: number;
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

/** Runs jobs in workers that answer `{ id, result }` or `{ id, error }` to `{ id, job }`. */
export class WorkerPool<Job, Result> implements Disposable {
  readonly #options: WorkerPoolOptions;
  readonly #slots = new Set<Slot<Job, Result>>();
  readonly #waiting: Task<Job, Result>[] = [];
  #averageMs: number;
  #lastId = 0;
  #refused = 0;
  #replaced = 0;
  /** When the newest of those who were refused is to come back. */
  #lastToldMs = 0;
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
    return { waiting: this.#waiting.length, running, refused: this.#refused, replaced: this.#replaced };
  }

  /** Starts the workers that are missing, so that the first job does not wait for one. */
  warm(): void {
    while (this.#slots.size < this.#options.workers) this.#addSlot();
  }

  /**
   * Does one job. Rejects with ChatError resource_exhausted when the queue is
   * full, unavailable when workers died over it or the pool is disposed, and
   * with a plain Error when the worker could not do it.
   */
  run(job: Job): Promise<Result> {
    if (this.#disposed) return Promise.reject(stopping());
    const { running, waiting } = this.load;
    if (running >= this.#options.workers && waiting >= this.#options.maxQueued) {
      this.#refused++;
      return Promise.reject(this.#overloaded());
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id: ++this.#lastId, job, resolve, reject, attempts: 0 });
      this.#assign();
    });
  }

  /** Terminates the workers and rejects all that run or wait. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    const left = this.#waiting.splice(0);
    for (const slot of [...this.#slots]) {
      if (slot.task) left.push(slot.task);
      this.#removeSlot(slot);
    }
    for (const task of left) task.reject(stopping());
  }

  #assign(): void {
    while (this.#waiting.length > 0 && !this.#disposed) {
      const slot = this.#freeSlot();
      if (!slot) return;
      this.#start(slot, this.#waiting.shift()!);
    }
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
    if (task && task.attempts < MAX_ATTEMPTS) this.#waiting.unshift(task);
    else if (task) task.reject(new ChatError(Code.UNAVAILABLE, "Passwords cannot be checked now; try again"));
    this.#assign();
  }

  /** Everybody who is refused is told another time, each when one more place will be free. */
  #overloaded(): ChatError {
    const everyMs = this.#averageMs / this.#options.workers;
    const now = this.#options.clock.now();
    this.#lastToldMs = Math.min(Math.max(this.#lastToldMs, now) + everyMs, now + TOLD_MS_MAX);
    return new ChatError(
      Code.RESOURCE_EXHAUSTED,
      "Too many people are logging in; try again soon",
      Math.max(1, Math.ceil(this.#lastToldMs - now)),
    );
  }
}

function stopping(): ChatError {
  return new ChatError(Code.UNAVAILABLE, "The server is stopping");
}
