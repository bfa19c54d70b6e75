/** Runs one batch as one transaction. @module */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ChatError } from "../chat/error.ts";
import { type Cell, type CellDraft, decodeBatch } from "./cells.ts";
import { refusalOf } from "./conflict.ts";
import { isStorageFault } from "./failure.ts";
import { type Appended, EventLog } from "./log.ts";

/** A draft that was not stored, by its place in the batch. */
export type Exception =
  | { readonly index: number; readonly status: "duplicate"; readonly stream: number; readonly seq: number }
  /** `code` is 0 for errors that are not for clients. */
  | { readonly index: number; readonly status: "failed"; readonly code: number; readonly message: string };

export interface BatchResult {
  readonly timeMs: number;
  /** Numbers of all stored events, in the order of the batch. */
  readonly seqs: number[];
  /** Every draft that is not simply stored, ascending by index. */
  readonly exceptions: Exception[];
}

type Append = (draft: CellDraft, timeMs: number) => Appended | { status: "failed"; error: Error };

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
      return this.#attempt(batch, nowMs, (draft, timeMs) => this.#log.append(draft, timeMs));
    } catch (error) {
      if (isStorageFault(error)) throw error;
    }
    // Some draft is at fault. Savepoints cost each draft a little, so only this second run has them.
    return this.#attempt(batch, nowMs, (draft, timeMs) => this.#appendAlone(draft, timeMs));
  }

  /** Takes session ids and times in milliseconds, alternating. */
  touch(pairs: readonly number[]): void {
    this.#transaction(() => {
      for (let at = 0; at < pairs.length; at += 2) {
        this.#touch.run(pairs[at + 1]!, pairs[at]!, pairs[at + 1]!);
      }
    });
  }

  #attempt(batch: readonly CellDraft[], nowMs: number, append: Append): BatchResult {
    return this.#transaction(() => {
      const result: BatchResult = { timeMs: this.#log.stamp(batch, nowMs), seqs: [], exceptions: [] };
      for (const [index, draft] of batch.entries()) {
        const appended = append(draft, result.timeMs);
        if (appended.status === "stored") {
          for (const change of draft.changes) result.seqs.push(change.seq);
        } else {
          result.exceptions.push(exceptionOf(index, appended));
        }
      }
      return result;
    });
  }

  #appendAlone(draft: CellDraft, timeMs: number): ReturnType<Append> {
    this.#db.exec("SAVEPOINT draft");
    try {
      const appended = this.#log.append(draft, timeMs);
      this.#db.exec("RELEASE draft");
      return appended;
    } catch (error) {
      if (isStorageFault(error) || !this.#db.isTransaction) throw error;
      this.#db.exec("ROLLBACK TO draft; RELEASE draft");
      this.#log.forgetHeads();
      return { status: "failed", error: error as Error };
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

function exceptionOf(
  index: number,
  appended: Exclude<ReturnType<Append>, { status: "stored" }>,
): Exception {
  if (appended.status === "duplicate") return { index, ...appended };
  const refusal = refusalOf(appended.error);
  const code = refusal instanceof ChatError ? refusal.code : 0;
  return { index, status: "failed", code, message: refusal.message };
}
