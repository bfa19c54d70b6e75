/** The log in the order of its positions, page by page, over a connection of its own. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Event } from "../../chat/event.ts";
import type { FollowerCursor, LoggedChange } from "../../chat/ports.ts";
import { openForReading } from "../database.ts";
import type { Lookups } from "../events/definition.ts";
import { EVENT_COLUMNS, eventOf, type EventRow } from "../events/row_codec.ts";
import { AccountQueries } from "../reader/accounts.ts";
import { prepareLookups } from "../reader/lookups.ts";
import { LIMIT, queryOne, queryTuples } from "../reader/query.ts";

export interface LogPage {
  readonly changes: readonly LoggedChange[];
  /** Where the page ends. */
  readonly cursor: FollowerCursor;
  /** Whether the page is full, so that more may follow. */
  readonly full: boolean;
}

interface Place {
  readonly stream: number;
  readonly seq: number;
  readonly timeMs: number;
}

/** Each statement ends with its page, so that no reader keeps the write-ahead log from beginning anew. */
export class LogPages implements Disposable {
  readonly epoch: string;
  readonly #db: DatabaseSync;
  readonly #head;
  readonly #page;
  readonly #place;
  readonly #message;
  readonly #lookups: Lookups;

  constructor(databasePath: string) {
    const db = this.#db = openForReading(databasePath);
    this.epoch = queryOne<[], { epoch: string }>(db, "SELECT epoch FROM meta")()!.epoch;
    this.#head = queryOne<[], { head: number | null }>(db, "SELECT max(position) AS head FROM event");
    this.#page = queryTuples<[number, number], [...EventRow, position: number]>(
      db,
      `SELECT ${EVENT_COLUMNS}, position FROM event WHERE position > ? ORDER BY position ${LIMIT}`,
    );
    this.#place = queryOne<[number], Place>(
      db,
      "SELECT stream, seq, time_ms AS timeMs FROM event WHERE position = ?",
    );
    this.#message = queryOne<[number, number], { position: number; authorId: number }>(
      db,
      "SELECT position, actor AS authorId FROM event WHERE stream = ? AND message = 1 AND seq = ?",
    );
    this.#lookups = prepareLookups(db, new AccountQueries(db));
  }

  /** The start of this log. */
  get start(): FollowerCursor {
    return { epoch: this.epoch, position: 0, mark: "" };
  }

  /** Position of the newest change. */
  get head(): number {
    return this.#head()!.head ?? 0;
  }

  /** Whether the cursor is a place in this log. */
  has({ epoch, position, mark }: FollowerCursor): boolean {
    if (epoch !== this.epoch) return false;
    const place = this.#place(position);
    return position === 0 || (place !== undefined && markOf(place) === mark);
  }

  /** At most so many changes after the position. */
  read(after: FollowerCursor, limit: number): LogPage {
    const rows = this.#page(after.position, limit);
    const changes = rows.map((row): LoggedChange => {
      const event = eventOf(row as unknown as EventRow, this.#lookups);
      return { position: row[8], event, message: this.#messageOf(event) };
    });
    const last = changes.at(-1);
    const cursor = last ? { epoch: this.epoch, position: last.position, mark: markOf(last.event) } : after;
    return { changes, cursor, full: rows.length === limit };
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #messageOf({ stream, body }: Event): LoggedChange["message"] {
    const about = body.case === "messageEdited" || body.case === "messageDeleted";
    return about ? this.#message(stream, body.value.messageSeq) : undefined;
  }
}

function markOf({ stream, seq, timeMs }: Place): string {
  return `${stream}.${seq}.${timeMs}`;
}
