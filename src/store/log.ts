/** Appends to the log: numbers, repeated keys, and the tables that follow. @module */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type CellDraft, type Change, refuseUnstorable } from "./cells.ts";
import { KIND } from "./kind.ts";
import { prepareProjections, type Projection } from "./projections/mod.ts";

/** What became of a draft, as far as the worker has to say it. */
export type Appended =
  | { readonly status: "stored" }
  | { readonly status: "duplicate"; readonly stream: number; readonly seq: number };

/** Seq and time of a stream's newest event. */
const NEWEST_EVENT = `SELECT max(seq) AS seq, time_ms AS timeMs FROM (
  SELECT * FROM (SELECT seq, time_ms FROM event WHERE stream = ?1 AND message = 0 ORDER BY seq DESC LIMIT 1)
  UNION ALL
  SELECT * FROM (SELECT seq, time_ms FROM event WHERE stream = ?1 AND message = 1 ORDER BY seq DESC LIMIT 1)
)`;

const STORED: Appended = { status: "stored" };

/** All of it runs inside a transaction that the caller has begun. */
export class EventLog {
  readonly #insert: StatementSync;
  readonly #insertKeyed: StatementSync;
  readonly #byKey: StatementSync;
  readonly #newest: StatementSync;
  readonly #projection: Projection;
  readonly #heads = new Map<number, number>();
  #lastMs = 0;

  constructor(db: DatabaseSync) {
    const insert = `INSERT INTO event (stream, seq, time_ms, actor, kind, target, text, extra, key)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    this.#insert = db.prepare(insert);
    this.#insertKeyed = db.prepare(`${insert} ON CONFLICT (key, actor) WHERE key IS NOT NULL DO NOTHING`);
    this.#byKey = db.prepare("SELECT stream, seq FROM event WHERE key = ? AND actor = ?");
    this.#newest = db.prepare(NEWEST_EVENT);
    this.#projection = prepareProjections(db);
  }

  /** Time for a batch: the clock's, but never before anything in the streams it adds to. */
  stamp(batch: readonly CellDraft[], nowMs: number): number {
    for (const { changes } of batch) {
      for (const { stream } of changes) this.#head(stream);
    }
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    return this.#lastMs;
  }

  /** Numbers the draft's events and stores them. Throws what SQLite throws. */
  append(draft: CellDraft, timeMs: number): Appended {
    refuseUnstorable(draft);
    const { key, changes } = draft;
    for (const [index, change] of changes.entries()) {
      change.timeMs = timeMs;
      change.seq = this.#head(change.stream) + 1;
      if (index === 0 && key !== null) {
        if (!this.#storeKeyed(change, key)) return this.#duplicate(change.actor, key);
      } else {
        this.#store(this.#insert, change, null);
      }
      this.#heads.set(change.stream, change.seq);
      this.#projection[change.kind]?.(change);
    }
    return STORED;
  }

  /** To be called after every rollback: the numbers given out since are free again. */
  forgetHeads(): void {
    this.#heads.clear();
  }

  #head(stream: number): number {
    const known = this.#heads.get(stream);
    if (known !== undefined) return known;
    const newest = this.#newest.get(stream) as { seq: number | null; timeMs: number | null };
    const seq = newest.seq ?? 0;
    this.#lastMs = Math.max(this.#lastMs, newest.timeMs ?? 0);
    this.#heads.set(stream, seq);
    return seq;
  }

  #storeKeyed(change: Change, key: string): boolean {
    return this.#store(this.#insertKeyed, change, key) === 1;
  }

  #store(statement: StatementSync, change: Change, key: string | null): number | bigint {
    // The text of an edit lives in the message alone, so that deleting it there erases it.
    const edit = change.kind === KIND.messageEdited;
    return statement.run(
      change.stream,
      change.seq,
      change.timeMs,
      change.actor,
      change.kind,
      change.target,
      edit ? null : change.text,
      edit ? null : change.extra,
      key,
    ).changes;
  }

  #duplicate(actor: number, key: string): Appended {
    const first = this.#byKey.get(key, actor) as { stream: number; seq: number };
    return { status: "duplicate", stream: first.stream, seq: first.seq };
  }
}
