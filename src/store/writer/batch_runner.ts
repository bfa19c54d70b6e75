/** Runs one batch as one transaction. @module */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ChatError } from "../../chat/error.ts";
import type { Cell } from "../events/definition.ts";
import { type CellDraft, decodeBatch } from "./batch_codec.ts";
import { refusalOf } from "./conflict.ts";
import { isStorageFault } from "../failure.ts";
import { EventLog, PLAIN_ROWS } from "./event_log.ts";

/** `code` is 0 for errors that are not for clients. */
interface Failed {
  readonly status: "failed";
  readonly code: number;
  readonly message: string;
}

/** A draft that was not stored, by its place in the batch. */
export type Exception = { readonly index: number } & ({ readonly status: "duplicate" } | Failed);

export interface BatchResult {
  readonly timeMs: number;
  /** Numbers of all stored events, in the order of the batch. */
  readonly seqs: number[];
  /** Every draft that is not simply stored, ascending by index. */
  readonly exceptions: Exception[];
}

export class BatchRunner {
  readonly #db: DatabaseSync;
  readonly #log: EventLog;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #touch: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#log = new EventLog(db);
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#touch = db.prepare("UPDATE session SET last_used_ms = ? WHERE id = ? AND last_used_ms < ?");
  }

  /** Throws when nothing of the batch was stored, because the storage failed. */
  run(cells: readonly Cell[], nowMs: number): BatchResult {
    const batch = decodeBatch(cells);
    try {
      return this.#transaction(() => this.#appendTogether(batch, nowMs));
    } catch (error) {
      if (isStorageFault(error)) throw error;
    }
    // Some draft is at fault. Finding it out costs time, so only this second run does.
    return this.#transaction(() => this.#appendApart(batch, nowMs));
  }

  /** Takes session ids and times in milliseconds, alternating. */
  touch(pairs: readonly number[]): void {
    this.#transaction(() => {
      for (let at = 0; at < pairs.length; at += 2) {
        this.#touch.run(pairs[at + 1]!, pairs[at]!, pairs[at + 1]!);
      }
    });
  }

  #appendTogether(batch: readonly CellDraft[], nowMs: number): BatchResult {
    const timeMs = this.#log.stamp(batch, nowMs);
    const exceptions: Exception[] = [];
    for (let from = 0; from < batch.length; from += PLAIN_ROWS) {
      if (this.#log.appendPlain(batch, from, timeMs)) continue;
      for (let index = from; index < Math.min(from + PLAIN_ROWS, batch.length); index++) {
        const appended = this.#log.append(batch[index]!, timeMs);
        if (appended === "duplicate") exceptions.push({ index, status: appended });
      }
    }
    return { timeMs, seqs: seqsOf(batch, exceptions), exceptions };
  }

  /** A draft that fails takes nobody with it. */
  #appendApart(batch: readonly CellDraft[], nowMs: number): BatchResult {
    const timeMs = this.#log.stamp(batch, nowMs);
    const exceptions: Exception[] = [];
    for (const [index, draft] of batch.entries()) {
      const exception = this.#appendGuarded(draft, timeMs);
      if (exception) exceptions.push({ index, ...exception });
    }
    return { timeMs, seqs: seqsOf(batch, exceptions), exceptions };
  }

  #appendGuarded(draft: CellDraft, timeMs: number): { status: "duplicate" } | Failed | undefined {
    this.#db.exec("SAVEPOINT draft");
    try {
      const appended = this.#log.append(draft, timeMs);
      this.#db.exec("RELEASE draft");
      return appended === "duplicate" ? { status: appended } : undefined;
    } catch (error) {
      if (isStorageFault(error) || !this.#db.isTransaction) throw error;
      this.#db.exec("ROLLBACK TO draft; RELEASE draft");
      this.#log.forgetHeads();
      return failed(error as Error);
    }
  }

  #transaction<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      this.#log.forgetHeads();
      throw error;
    }
  }
}

function failed(error: Error): Failed {
  const refusal = refusalOf(error);
  const code = refusal instanceof ChatError ? refusal.code : 0;
  return { status: "failed", code, message: refusal.message };
}

/** Numbers of the events of all drafts but the exceptions. */
function seqsOf(batch: readonly CellDraft[], exceptions: readonly Exception[]): number[] {
  const seqs: number[] = [];
  let next = 0;
  for (const [index, { changes }] of batch.entries()) {
    if (exceptions[next]?.index === index) next++;
    else for (const { seq } of changes) seqs.push(seq);
  }
  return seqs;
}
