/** Appends to the log: numbers, repeated keys, and the tables that follow. @module */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Cell, Change, Projection } from "../events/definition.ts";
import { EVENT_CASES, EVENTS } from "../events/mod.ts";
import { type CellDraft, refuseUnstorable } from "./batch_codec.ts";

/** What became of a draft; a duplicate's first event is found by its key. */
export type Appended = "stored" | "duplicate";

/** Seq and time of a stream's newest event. */
const NEWEST_EVENT = `SELECT max(seq) AS seq, time_ms AS timeMs FROM (
  SELECT * FROM (SELECT seq, time_ms FROM event WHERE stream = ?1 AND message = 0 ORDER BY seq DESC LIMIT 1)
  UNION ALL
  SELECT * FROM (SELECT seq, time_ms FROM event WHERE stream = ?1 AND message = 1 ORDER BY seq DESC LIMIT 1)
)`;

/** Plain drafts that go into one statement; more gain nothing. */
export const PLAIN_ROWS = 8;

type Keyed = Pick<CellDraft, "key" | "fingerprint">;

/** Of all events of a draft but the first. */
const NO_KEY: Keyed = { key: null, fingerprint: null };

/** Kinds whose text and extra are kept in the row of a message alone. */
const IN_MESSAGE: ReadonlySet<number> = new Set(
  EVENT_CASES.filter((name) => EVENTS[name].inMessage).map((name) => EVENTS[name].kind),
);

/** All of it runs inside a transaction that the caller has begun. */
export class EventLog {
  readonly #insert: StatementSync;
  readonly #insertKeyed: StatementSync;
  readonly #insertPlain: StatementSync;
  readonly #takeBack: StatementSync;
  readonly #newest: StatementSync;
  /** By kind. */
  readonly #projections: (Projection | undefined)[] = [];
  readonly #heads = new Map<number, number>();
  #lastMs = 0;

  constructor(db: DatabaseSync) {
    const columns = "event (stream, seq, time_ms, actor, kind, target, text, extra, key, fingerprint)";
    const row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const insert = `INSERT INTO ${columns} VALUES ${row}`;
    this.#insert = db.prepare(insert);
    const unlessKnown = "ON CONFLICT (key, actor) WHERE key IS NOT NULL DO NOTHING";
    this.#insertKeyed = db.prepare(`${insert} ${unlessKnown}`);
    // OR FAIL, because to undo one statement SQLite would copy every page that it changes.
    const rows = Array(PLAIN_ROWS).fill(row).join();
    this.#insertPlain = db.prepare(`INSERT OR FAIL INTO ${columns} VALUES ${rows} ${unlessKnown}`);
    this.#takeBack = db.prepare("DELETE FROM event WHERE stream = ? AND message = 1 AND seq = ?");
    this.#newest = db.prepare(NEWEST_EVENT);
    for (const name of EVENT_CASES) this.#projections[EVENTS[name].kind] = EVENTS[name].project?.(db);
  }

  /** Time for a batch: the clock's, but never before anything in the streams it adds to. */
  stamp(batch: readonly CellDraft[], nowMs: number): number {
    for (const { changes } of batch) {
      for (const { stream } of changes) this.#head(stream);
    }
    this.#lastMs = Math.max(this.#lastMs, nowMs);
    return this.#lastMs;
  }

  /**
   * Stores the next {@link PLAIN_ROWS} drafts at once, which takes two thirds
   * of the time; false, and nothing stored, when one of them needs more care.
   */
  appendPlain(batch: readonly CellDraft[], from: number, timeMs: number): boolean {
    if (!arePlain(batch, from)) return false;
    const cells: Cell[] = [];
    for (let index = from; index < from + PLAIN_ROWS; index++) {
      const draft = batch[index]!;
      const change = draft.changes[0]!;
      refuseUnstorable(draft);
      change.seq = this.#head(change.stream) + 1;
      this.#heads.set(change.stream, change.seq);
      const { stream, seq, actor, kind, target, text } = change;
      cells.push(stream, seq, timeMs, actor, kind, target, text, null, draft.key, draft.fingerprint);
    }
    if (this.#insertPlain.run(...cells).changes === PLAIN_ROWS) return true;
    this.#takeBackPlain(batch, from);
    return false;
  }

  /** Numbers the draft's events and stores them. Throws what SQLite throws. */
  append(draft: CellDraft, timeMs: number): Appended {
    refuseUnstorable(draft);
    const { key, fingerprint, changes } = draft;
    for (const [index, change] of changes.entries()) {
      change.timeMs = timeMs;
      change.seq = this.#head(change.stream) + 1;
      if (index === 0 && key !== null) {
        if (this.#store(this.#insertKeyed, change, { key, fingerprint }) === 0) return "duplicate";
      } else {
        this.#store(this.#insert, change, NO_KEY);
      }
      this.#heads.set(change.stream, change.seq);
      this.#projections[change.kind]?.(change);
    }
    return "stored";
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

  /** Some of the rows had a known key, so the numbers of those behind them are wrong. */
  #takeBackPlain(batch: readonly CellDraft[], from: number): void {
    for (let index = from + PLAIN_ROWS - 1; index >= from; index--) {
      const { stream, seq } = batch[index]!.changes[0]!;
      this.#takeBack.run(stream, seq);
      this.#heads.set(stream, seq - 1);
    }
  }

  #store(statement: StatementSync, change: Change, { key, fingerprint }: Keyed): number | bigint {
    const inMessage = IN_MESSAGE.has(change.kind);
    return statement.run(
      change.stream,
      change.seq,
      change.timeMs,
      change.actor,
      change.kind,
      change.target,
      inMessage ? null : change.text,
      inMessage ? null : change.extra,
      key,
      fingerprint,
    ).changes;
  }
}

function arePlain(batch: readonly CellDraft[], from: number): boolean {
  if (from + PLAIN_ROWS > batch.length) return false;
  for (let index = from; index < from + PLAIN_ROWS; index++) {
    if (!batch[index]!.plain) return false;
  }
  return true;
}
