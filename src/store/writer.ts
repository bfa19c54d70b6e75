/** The message loop's side of the writer. @module */
import { ChatError, type Code } from "../chat/error.ts";
import type { Event } from "../chat/event.ts";
import { type Draft, type EventReader, type EventWriter, type Outcome, StoreFailure } from "../chat/ports.ts";
import type { BatchResult, Exception } from "./batch.ts";
import { encodeBatch } from "./cells.ts";
import { WriterHealth } from "./health.ts";
import type { FromWriter, ToWriter } from "./writer_protocol.ts";

/** Reads back the first event that a repeated key was stored with. */
export type FindByKey = EventReader["findByKey"];

/** Told of each batch that was stored. */
export type OnCommit = (commands: number, tookMs: number) => void;

interface Callbacks {
  readonly onFatal: (error: Error) => void;
  readonly onCommit?: OnCommit | undefined;
}

interface Waiting {
  readonly sinceMs: number;
  resolve(answer: FromWriter): void;
  reject(error: Error): void;
}

/**
 * Hands batches to a worker and turns its answers into outcomes.
 *
 * When the worker dies, everything that waits for it, and everything asked of
 * it afterwards, is rejected with StoreFailure; `onFatal` is called once.
 */
export class WorkerWriter implements EventWriter {
  readonly #worker: Worker;
  readonly #findByKey: FindByKey;
  readonly #callbacks: Callbacks;
  readonly #waiting: Waiting[] = [];
  readonly #health = new WriterHealth(() => this.#ask({ kind: "probe" }));
  /** Why nothing is taken any more. */
  #refusal: StoreFailure | undefined;
  #dead = false;
  #lastCommit: Promise<unknown> = Promise.resolve();

  constructor(worker: Worker, findByKey: FindByKey, callbacks: Callbacks) {
    this.#worker = worker;
    this.#findByKey = findByKey;
    this.#callbacks = callbacks;
    worker.onmessage = ({ data }: MessageEvent<FromWriter>) => this.#waiting.shift()?.resolve(data);
    worker.onmessageerror = () => this.#die("it sent something unreadable");
    worker.onerror = (event) => {
      event.preventDefault();
      this.#die(event.message);
    };
  }

  /** Rejects with StoreFailure when the database cannot be opened for writing. */
  async open(path: string): Promise<void> {
    await this.#ask({ kind: "open", path });
  }

  /** Why nothing can be stored now; undefined when the last write was. */
  get failure(): string | undefined {
    return this.#health.failure;
  }

  /** How long the oldest of what was asked of the worker has waited for its answer, milliseconds; 0 when nothing waits. */
  get waitingMs(): number {
    const [oldest] = this.#waiting;
    return oldest ? performance.now() - oldest.sinceMs : 0;
  }

  /** Rejects when the disk has no room for these bytes. */
  async need(bytes: number): Promise<void> {
    if (!this.#refusal) await this.#ask({ kind: "need", bytes });
  }

  commit(batch: readonly Draft[]): Promise<Outcome[]> {
    const commit = this.#commit(batch);
    this.#lastCommit = commit.catch(() => {});
    return commit;
  }

  touchSessions(lastUsed: ReadonlyMap<number, number>): void {
    if (!this.#refusal && lastUsed.size > 0) {
      this.#worker.postMessage({ kind: "touch", pairs: [...lastUsed].flat() } satisfies ToWriter);
    }
  }

  /** Makes the disk look full beyond this many pages of the database; for tests. */
  limitPages(maxPages: number): void {
    this.#worker.postMessage({ kind: "limit", maxPages } satisfies ToWriter);
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
    if (!this.#dead) await this.#ask({ kind: "close" }).catch(() => {});
    this.#worker.terminate();
  }

  async #commit(batch: readonly Draft[]): Promise<Outcome[]> {
    if (this.#refusal) throw this.#refusal;
    const cells = encodeBatch(batch);
    const answer = await this.#ask({ kind: "commit", cells }).catch((error: Error) => {
      this.#health.failed(error.message);
      throw error;
    });
    this.#health.stored();
    if (answer.kind !== "committed") throw new StoreFailure(`The writer answered ${answer.kind} to a commit`);
    this.#callbacks.onCommit?.(batch.length, answer.tookMs);
    return this.#outcomes(batch, answer);
  }

  async #ask(message: ToWriter): Promise<FromWriter> {
    const answer = await new Promise<FromWriter>((resolve, reject) => {
      this.#worker.postMessage(message);
      this.#waiting.push({ sinceMs: performance.now(), resolve, reject });
    });
    if (answer.kind === "failed") throw new StoreFailure(`The database refused the write: ${answer.reason}`);
    return answer;
  }

  #die(reason: string): void {
    if (this.#dead) return;
    this.#dead = true;
    const failure = new StoreFailure(`The database writer stopped: ${reason}`);
    this.#refusal = failure;
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

  /** The batch is stored: if reading fails now, it fails this draft alone. */
  #duplicate({ actorId, key }: Draft): Outcome {
    try {
      return { status: "duplicate", first: this.#findByKey(actorId, key)! };
    } catch (error) {
      return { status: "failed", error: error as Error };
    }
  }
}
