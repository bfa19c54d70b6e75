/** The end of the log, where a batch stands whose answer was lost. @module */
import type { DatabaseSync } from "node:sqlite";
import { Code } from "../../chat/error.ts";
import type { BatchResult, Exception } from "./batch_runner.ts";
import type { Cell, Change } from "../events/definition.ts";
import { KIND, TOMBSTONE } from "../events/mod.ts";
import { type CellDraft, decodeBatch } from "./batch_codec.ts";
import { queryOne, queryTuples } from "../reader/query.ts";

/** Stream, seq, time, actor, kind and key of an event. */
type Row = [stream: number, seq: number, timeMs: number, actor: number, kind: number, key: string | null];

/** Reads what the newest batch has left. Positions number the rows in the order of writing, without gaps. */
export class CrashRecovery {
  readonly #lastPosition;
  readonly #rowsAfter;
  readonly #known;

  constructor(db: DatabaseSync) {
    this.#lastPosition = queryOne<[], { last: number | null }>(db, "SELECT max(position) AS last FROM event");
    this.#rowsAfter = queryTuples<[number], Row>(
      db,
      "SELECT stream, seq, time_ms, actor, kind, key FROM event WHERE position > ? ORDER BY position",
    );
    this.#known = queryOne<[string, number], { known: number }>(
      db,
      "SELECT count(*) AS known FROM event WHERE key = ? AND actor = ?",
    );
  }

  /** Position of the newest event; 0 when there is none. */
  get lastPosition(): number {
    return this.#lastPosition()!.last ?? 0;
  }

  /**
   * What was told, or should have been, when the batch behind this position was
   * stored; undefined when nothing was. Throws when something else is there.
   */
  recognize(cells: readonly Cell[], after: number): BatchResult | undefined {
    const rows = this.#rowsAfter(after);
    if (rows.length === 0) return undefined;
    const exceptions: Exception[] = [];
    let at = 0;
    for (const [index, draft] of decodeBatch(cells).entries()) {
      if (stands(draft, rows.slice(at, at + draft.changes.length))) at += draft.changes.length;
      else exceptions.push({ index, ...this.#unstored(draft) });
    }
    if (at < rows.length) throw new Error("the log has events of which nobody knows");
    return { timeMs: rows[0]![2], seqs: rows.map(([, seq]) => seq), exceptions };
  }

  #unstored({ key, changes }: CellDraft) {
    if (key !== null && this.#known(key, changes[0]!.actor)!.known > 0) {
      return { status: "duplicate" } as const;
    }
    const message = "The server could not store this: send it again";
    return { status: "failed", code: Code.UNAVAILABLE, message } as const;
  }
}

/** Whether the draft's events are these rows. */
function stands({ key, changes }: CellDraft, rows: readonly Row[]): boolean {
  return rows.length === changes.length &&
    changes.every((change, index) => isRowOf(change, index === 0 ? key : null, rows[index]!));
}

function isRowOf(change: Change, key: string | null, [stream, , , actor, kind, rowKey]: Row): boolean {
  // A later draft of the batch may have deleted the message.
  const same = kind === change.kind || (kind === TOMBSTONE && change.kind === KIND.messageSent);
  return same && stream === change.stream && actor === change.actor && rowKey === key;
}
