/** Prepared reading statements with typed rows. @module */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** Deno has it, and its types do not. */
type TupleStatement = StatementSync & { setReturnArrays(enabled: boolean): void };

type Params = readonly SQLInputValue[];

/** A row in the work of reading, of which a statement is 1. */
const ROW = 0.25;

/** Work of the statements of each connection. */
const WORK = new WeakMap<DatabaseSync, { done: number }>();

/** Counts the work of a connection's statements. */
export function workOf(db: DatabaseSync): { done: number } {
  let work = WORK.get(db);
  if (!work) WORK.set(db, work = { done: 0 });
  return work;
}

/** A bound limit. Were it bare, SQLite would plan the statement anew for every value, in 20 microseconds. */
export const LIMIT = "LIMIT ? + 0";

/** Prepares a statement that gives at most one row. */
export function queryOne<P extends Params, Row>(
  db: DatabaseSync,
  sql: string,
): (...params: P) => Row | undefined {
  const statement = db.prepare(sql);
  const work = workOf(db);
  return (...params) => {
    work.done++;
    return statement.get(...params) as Row | undefined;
  };
}

/** Prepares a statement that gives its rows as objects. */
export function queryAll<P extends Params, Row>(db: DatabaseSync, sql: string): (...params: P) => Row[] {
  return counting(workOf(db), db.prepare(sql)) as unknown as (...params: P) => Row[];
}

/** Prepares a statement that gives its rows as arrays, which takes half the time of objects. */
export function queryTuples<P extends Params, Row extends unknown[]>(
  db: DatabaseSync,
  sql: string,
): (...params: P) => Row[] {
  const statement = db.prepare(sql) as TupleStatement;
  statement.setReturnArrays(true);
  return counting(workOf(db), statement) as unknown as (...params: P) => Row[];
}

function counting(
  work: { done: number },
  statement: StatementSync,
): (...params: SQLInputValue[]) => object[] {
  return (...params) => {
    const rows = statement.all(...params);
    work.done += 1 + rows.length * ROW;
    return rows;
  };
}
