/** The log, read back. @module */
import type { DatabaseSync } from "node:sqlite";
import type { Event } from "../../chat/event.ts";
import type { EventReader, KeyedEvent } from "../../chat/ports.ts";
import type { Lookups } from "../events/definition.ts";
import { EVENT_COLUMNS, eventOf, type EventRow } from "../events/row_codec.ts";
import type { AccountQueries } from "./accounts.ts";
import { prepareLookups } from "./lookups.ts";
import { LIMIT, queryOne, queryTuples } from "./query.ts";

export class EventQueries implements EventReader {
  readonly #head;
  readonly #heads;
  readonly #range;
  readonly #byKey;
  readonly #lookups: Lookups;

  constructor(db: DatabaseSync, accounts: AccountQueries) {
    const newest = (message: 0 | 1) =>
      `coalesce((SELECT max(seq) FROM event WHERE stream = value AND message = ${message}), 0)`;
    this.#head = queryOne<[number], { seq: number | null }>(
      db,
      `SELECT max(seq) AS seq FROM (
         SELECT max(seq) AS seq FROM event WHERE stream = ?1 AND message = 0
         UNION ALL SELECT max(seq) FROM event WHERE stream = ?1 AND message = 1)`,
    );
    this.#heads = queryTuples<[string], [seq: number]>(
      db,
      `SELECT max(${newest(0)}, ${newest(1)}) FROM json_each(?) ORDER BY key`,
    );
    const range =
      `SELECT ${EVENT_COLUMNS} FROM event WHERE stream = ?1 AND seq > ?2 AND seq <= ?3 AND message =`;
    this.#range = queryTuples<[number, number, number, number], EventRow>(
      db,
      `${range} 0 UNION ALL ${range} 1 ORDER BY seq ${LIMIT}`,
    );
    this.#byKey = queryTuples<[string, number], [...EventRow, fingerprint: number | null]>(
      db,
      `SELECT ${EVENT_COLUMNS}, fingerprint FROM event WHERE key = ? AND actor = ?`,
    );
    this.#lookups = prepareLookups(db, accounts);
  }

  head(stream: number): number {
    return this.#head(stream)!.seq ?? 0;
  }

  heads(streams: readonly number[]): number[] {
    return this.#heads(JSON.stringify(streams)).map(([seq]) => seq);
  }

  events(stream: number, range: { after: number; upTo: number; limit: number }): Event[] {
    return this.#range(stream, range.after, range.upTo, range.limit).map((row) =>
      eventOf(row, this.#lookups)
    );
  }

  findByKey(actorId: number, key: string): KeyedEvent | undefined {
    const found = key === "" ? undefined : this.#byKey(key, actorId)[0];
    if (!found) return undefined;
    const [...row] = found;
    const fingerprint = row.pop() as number | null;
    const event = eventOf(row as unknown as EventRow, this.#lookups);
    return fingerprint === null ? event : { ...event, fingerprint };
  }
}
