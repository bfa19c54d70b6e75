/** Whether the tables and indexes are those that the steps of the schema make. @module */
import { DatabaseSync } from "node:sqlite";
import { MIGRATING } from "../database.ts";
import { queryTuples } from "../reader/query.ts";
import type { Problems } from "./problems.ts";

type Entry = [type: string, name: string, sql: string];

/** Adds a line for everything in which the schema is not what these steps make of an empty file. */
export function compareSchema(db: DatabaseSync, steps: readonly string[], problems: Problems): void {
  using model = new DatabaseSync(":memory:", MIGRATING);
  for (const step of steps) model.exec(step);
  const expected = new Map(entriesOf(model));
  for (const [what, sql] of entriesOf(db)) {
    const wanted = expected.get(what);
    if (wanted === undefined) problems.add(`${what} is unknown`);
    else if (wanted !== sql) problems.add(`${what} is not as this program has made it`);
    expected.delete(what);
  }
  for (const what of expected.keys()) problems.add(`${what} is missing`);
}

function entriesOf(db: DatabaseSync): [what: string, sql: string][] {
  // What SQLite keeps for itself has no text.
  const sql = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'";
  return queryTuples<[], Entry>(db, sql)().map(([type, name, text]) => [`${type} ${name}`, text]);
}
