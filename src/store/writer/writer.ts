/** The message loop's side of the writer. @module */
import { ChatError, Code } from "../../chat/error.ts";
import type { Event } from "../../chat/event.ts";
import {
  type Draft,
  type EventReader,
  type EventWriter,
  type Outcome,
  StoreFailure,
} from "../../chat/ports.ts";
import type { BatchResult, Exception } from "./batch_runner.ts";
import { encodeBatch } from "./batch_codec.ts";
import { WriterHealth } from "./writer_health.ts";
import type { FromWriter, ToWriter } from "./protocol.ts";

/** Reads back the first event that a repeated key was stored with. */
export type FindByKey = EventReader["findByKey"];

/** Told of each batch that was stored. */
export type OnCommit = (commands: number, tookMs: number) => void;

interface Callbacks {
  /** Nothing can be stored any more. */
  readonly onFatal: (error: Error) => void;
  /** The worker died and another one takes over. */
  readonly onReplace?: ((reason: string) => void) | undefined;
  readonly onCommit?: OnCommit | undefined;
}

/** A question to the worker, and who waits for the answer. */
interface Waiting {
  readonly message: ToWriter;
  readonly sinceMs: number;
  resolve(answer: FromWriter): void;
  reject(error: Error): void;
}

/** Workers that die in a row, without an answer between, until no other one is tried. */
const MAX_DEATHS = 3;
const RETRY_AFTER_MS = 1000;

/**
 * Hands batches to a worker, one at a time, and turns its answers into outcomes.
 *
 * A worker that dies is replaced. Whether the batch that it had was stored is
 * read from the log, so the caller is told the truth, only later. When that
 * does not work either, everything that waits, and everything asked
 * afterwards, is rejected with StoreFailure; `onFatal` is called once.
 */
export class Writer implements EventWriter {
  readonly #spawn: () => Worker;
  readonly #findByKey: FindByKey;
  readonly #callbacks: Callbacks;
  readonly #health = new WriterHealth(() => this.#ask({ kind: "probe" }));
  #worker: Worker;
  #waiting: Waiting[] = [];
  /** Empty until it was opened once; a worker that cannot even do that is not replaced. */
  #path = "";
  /** Number of the newest row of the log; whatever is behind it belongs to the batch under way. */
  #lastPosition = 0;
  #deaths = 0;
  #replaced = 0;
  /** Why nothing is taken any more. */
  #refusal: StoreFailure | undefined;
  #dead = false;
  #suspended = false;
  /** The folder is another process's for now: no worker may open the database. */
  #away = false;
  /** Why the worker died while it was away. */
  #diedAway: string | undefined;
  #lastCommit: Promise<unknown> = Promise.resolve();

  constructor(spawn: () => Worker, findByKey: FindByKey, callbacks: Callbacks) {
    this.#spawn = spawn;
    this.#findByKey = findByKey;
    this.#callbacks = callbacks;
    this.#worker = this.#begin();
  }

  /** Rejects with StoreFailure when the database cannot be opened for writing. */
  async open(path: string): Promise<void> {
    const answer = await this.#ask({ kind: "open", path });
    if (answer.kind === "opened") this.#lastPosition = answer.lastPosition;
    this.#path = path;
  }

  /** Why nothing can be stored now; undefined when the last write was. */
  get failure(): string | undefined {
    return this.#health.failure;
  }

  /** Position of the newest event of the log. */
  get lastPosition(): number {
    return this.#lastPosition;
  }

  /** Whether another process may have the folder, so that nothing is asked of the worker. */
  get suspended(): boolean {
    return this.#suspended;
  }

  /** How often a worker died and another one took over. */
  get replaced(): number {
    return this.#replaced;
  }

  /** How long the oldest of what was asked of the worker has waited for its answer, milliseconds; 0 when nothing waits. */
  get waitingMs(): number {
    const nowMs = performance.now();
    // What a replaced worker was asked waits behind the opening, and has waited for longer.
    return nowMs - this.#waiting.reduce((oldestMs, { sinceMs }) => Math.min(oldestMs, sinceMs), nowMs);
  }

  commit(batch: readonly Draft[]): Promise<Outcome[]> {
    if (this.#refusal) return Promise.reject(this.#refusal);
    if (this.#suspended) return Promise.reject(new StoreFailure("Another process has the data folder"));
    const commit = this.#lastCommit.then(() => this.#commit(batch));
    this.#lastCommit = commit.catch(() => {});
    return commit;
  }

  touchSessions(lastUsed: ReadonlyMap<number, number>): void {
    if (!this.#refusal && !this.#suspended && lastUsed.size > 0) {
      this.#worker.postMessage({ kind: "touch", pairs: [...lastUsed].flat() } satisfies ToWriter);
    }
  }

  /** Makes the disk look full beyond this many pages of the database; for tests. */
  limitPages(maxPages: number): void {
    this.#worker.postMessage({ kind: "limit", maxPages } satisfies ToWriter);
  }

  /** Takes nothing until {@link resume}; resolves when nothing is being written. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    this.#health.close();
    await this.#lastCommit;
    // An empty batch comes back behind all that was asked for and has no answer of its own.
    await this.#ask({ kind: "commit", cells: encodeBatch([]) }).catch(() => {});
    this.#away = true;
  }

  /** Takes batches again; a worker that died meanwhile is replaced. */
  resume(): void {
    this.#suspended = this.#away = false;
    if (!this.#dead) this.#health.reopen();
    const reason = this.#diedAway;
    this.#diedAway = undefined;
    if (reason !== undefined) this.#recover(reason);
  }

  /** Takes nothing any more and waits for the commits under way. */
  async drain(): Promise<void> {
    this.#refusal ??= new StoreFailure("The store is closed");
    this.#health.close();
    await this.#lastCommit;
  }

  /** Drains, closes the database and ends the worker. */
  async close(): Promise<void> {
    await this.drain();
    // A database that is not closed in order recovers when it is opened next.
    if (!this.#dead && this.#diedAway === undefined) await this.#ask({ kind: "close" }).catch(() => {});
    this.#worker.terminate();
  }

  async #commit(batch: readonly Draft[]): Promise<Outcome[]> {
    const cells = encodeBatch(batch);
    const answer = await this.#ask({ kind: "commit", cells }).catch((error: Error) => {
      this.#health.failed(error.message);
      throw error;
    });
    this.#health.stored();
    if (answer.kind !== "committed") throw new StoreFailure(`The writer answered ${answer.kind} to a commit`);
    this.#lastPosition += answer.seqs.length;
    this.#callbacks.onCommit?.(batch.length, answer.tookMs);
    return this.#outcomes(batch, answer);
  }

  async #ask(message: ToWriter): Promise<FromWriter> {
    if (this.#dead) throw this.#refusal!;
    const answer = await new Promise<FromWriter>((resolve, reject) => {
      this.#worker.postMessage(message);
      this.#waiting.push({ message, sinceMs: performance.now(), resolve, reject });
    });
    if (answer.kind !== "failed") return answer;
    throw new StoreFailure(`The database refused the write: ${answer.reason}`);
  }

  #begin(): Worker {
    const worker = this.#spawn();
    worker.onmessage = ({ data }: MessageEvent<FromWriter>) => this.#answered(data);
    worker.onmessageerror = () => this.#died("it sent something unreadable");
    worker.onerror = (event) => {
      event.preventDefault();
      this.#died(event.message);
    };
    return worker;
  }

  #answered(answer: FromWriter): void {
    if (answer.kind === "lost") return this.#giveUp(answer.reason);
    const waiting = this.#waiting.shift();
    // Of a worker that only opens, nobody knows yet whether it lives.
    if (waiting?.message.kind !== "open") this.#deaths = 0;
    waiting?.resolve(answer);
  }

  #died(reason: string): void {
    if (this.#dead) return;
    this.#worker.onmessage = this.#worker.onmessageerror = this.#worker.onerror = null;
    this.#worker.terminate();
    if (this.#away) this.#diedAway = reason;
    else this.#recover(reason);
  }

  #recover(reason: string): void {
    if (++this.#deaths >= MAX_DEATHS || this.#path === "") return this.#giveUp(reason);
    this.#replaced++;
    this.#callbacks.onReplace?.(reason);
    try {
      this.#replace();
    } catch (error) {
      this.#giveUp(`${reason}; it cannot be replaced: ${(error as Error).message}`);
    }
  }

  /** Another worker opens the database and is asked everything that has no answer. */
  #replace(): void {
    this.#worker = this.#begin();
    const unanswered = this.#waiting.filter(({ message }) => message.kind !== "open");
    this.#waiting = [];
    const open: ToWriter = { kind: "open", path: this.#path };
    this.#ask(open).catch((error: Error) => this.#giveUp(error.message));
    for (const { message, ...waiter } of unanswered) {
      // It may have been stored, and only the answer is missing.
      const again = message.kind === "commit" ? { ...message, after: this.#lastPosition } : message;
      this.#worker.postMessage(again);
      this.#waiting.push({ message, ...waiter });
    }
  }

  #giveUp(reason: string): void {
    if (this.#dead) return;
    this.#dead = true;
    const failure = new StoreFailure(`The database writer stopped: ${reason}`);
    this.#refusal = failure;
    this.#worker.terminate();
    this.#health.close();
    for (const waiting of this.#waiting.splice(0)) waiting.reject(failure);
    this.#callbacks.onFatal(failure);
  }

  #outcomes(batch: readonly Draft[], { timeMs, seqs, exceptions }: BatchResult): Outcome[] {
    let nextSeq = 0;
    let nextException = 0;
    return batch.map((draft, index): Outcome => {
      const exception = exceptions[nextException];
      if (exception?.index === index) {
        nextException++;
        return this.#exceptional(draft, exception);
      }
      const events = draft.events.map(({ stream, body }): Event => (
        { stream, body, seq: seqs[nextSeq++]!, timeMs, actorId: draft.actorId }
      ));
      return { status: "stored", events };
    });
  }

  #exceptional(draft: Draft, exception: Exception): Outcome {
    if (exception.status === "duplicate") return this.#duplicate(draft);
    const { code, message } = exception;
    return {
      status: "failed",
      error: code === 0 ? new Error(message) : new ChatError(code as Code, message),
    };
  }

  /** The batch is stored: if reading fails now, this draft's result has to be asked for again. */
  #duplicate({ actorId, key }: Draft): Outcome {
    try {
      return { status: "duplicate", first: this.#findByKey(actorId, key)! };
    } catch (error) {
      const message = `Stored before, and cannot be read now: send again (${(error as Error).message})`;
      return {
        status: "failed",
        error: new ChatError(Code.UNAVAILABLE, message, RETRY_AFTER_MS, { cause: error }),
      };
    }
  }
}
