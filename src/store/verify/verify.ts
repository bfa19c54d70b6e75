/**
 * Examines a database from end to end: its pages, the numbers of its log, and
 * every table beside the log against what the log says.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { checkedVersion, openForReading, unusable } from "../database.ts";
import { UnusableDatabase } from "../failure.ts";
import { MIGRATIONS } from "../migrations/mod.ts";
import { queryOne, queryTuples } from "../reader/query.ts";
import { LOG_COLUMNS, LogFold, type LogRow } from "./log_fold.ts";
import { MentionCheck } from "./mentions.ts";
import { Numbering } from "./numbering.ts";
import { Problems } from "./problems.ts";
import { compareSchema } from "./schema.ts";
import { findOrphans, TABLE_CHECKS, type TableCheck } from "./tables.ts";

/** Told of long work: what is being done, and how much of it, from 0 to 1, when that can be said. */
export type OnProgress = (what: string, done?: number) => void;

/** One thing that was examined. */
export interface Check {
  readonly name: string;
  /** What is there, for people. */
  readonly found: string;
  /** Empty when all is well. */
  readonly problems: readonly string[];
}

export interface Counts {
  readonly messages: number;
  readonly users: number;
  readonly channels: number;
  readonly events: number;
  /** Time of the newest event; 0 when there is none. */
  readonly newestMs: number;
}

export interface Verification {
  readonly schema: number;
  readonly checks: readonly Check[];
  readonly counts: Counts;
}

export interface VerifyOptions {
  readonly onProgress?: OnProgress | undefined;
  /** The schema of this program; for tests. */
  readonly steps?: readonly string[];
}

/** Rows of the log that are read at once. */
const PAGE = 5000;
const MAX_INTEGRITY_LINES = 10;
const UNKNOWN: Counts = { messages: 0, users: 0, channels: 0, events: 0, newestMs: 0 };

/**
 * Reads everything in one transaction, so that a server may write meanwhile.
 * Of a database whose schema is older, pages and numbers are examined only:
 * its tables are not those that this program knows.
 *
 * Throws UnusableDatabase when the file is not a database of this program.
 */
export function verifyDatabase(
  path: string,
  { onProgress, steps = MIGRATIONS }: VerifyOptions = {},
): Verification {
  using db = openToVerify(path);
  const schema = checkedVersion(db, path, steps.length);
  if (schema === 0) throw new UnusableDatabase(`The database ${path} is empty: no server has ever run on it`);
  db.exec("BEGIN");
  const progress = onProgress ?? (() => {});
  progress("Checking pages");
  const problems = new Problems();
  guarded(problems, () => compareSchema(db, steps.slice(0, schema), problems));
  const found = schemaText(schema, steps.length);
  const checks = [checkPages(db), { name: "schema", found, problems: problems.lines() }];
  // Statements that this program knows mean nothing in tables that it does not.
  if (problems.lines().length > 0) return { schema, checks, counts: UNKNOWN };
  return { schema, ...examine(db, { checks, progress, whole: schema === steps.length }) };
}

/** All lines that tell of damage. */
export function damageOf({ checks }: Verification): string[] {
  return checks.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
}

function openToVerify(path: string): DatabaseSync {
  try {
    return openForReading(path);
  } catch (error) {
    throw unusable(error, path);
  }
}

function schemaText(version: number, newest: number): string {
  return version === newest
    ? `version ${version}`
    : `version ${version}; the next start brings it to ${newest}, and then its tables can be compared with the log`;
}

/** Runs work on a file that may be damaged: what SQLite cannot read becomes a line. */
function guarded(problems: Problems, work: () => void): void {
  try {
    work();
  } catch (error) {
    // A damaged row can be anything, text that is no JSON among them.
    if (!isUnreadable(error)) throw error;
    problems.add(`cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Whether SQLite refuses what is in the file, or a value is no JSON, not of its type, or a number larger than any
 * that was written. The statements themselves are known to be good.
 */
function isUnreadable(error: unknown): boolean {
  if ((error as { code?: unknown }).code === "ERR_SQLITE_ERROR") return true;
  return error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;
}

function checkPages(db: DatabaseSync): Check {
  const problems = new Problems();
  let bytes = 0;
  guarded(problems, () => {
    const sizes = "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size";
    bytes = queryOne<[], { bytes: number }>(db, sizes)()!.bytes;
    const lines = queryTuples<[], [string]>(db, `PRAGMA integrity_check(${MAX_INTEGRITY_LINES})`)();
    for (const [text] of lines) {
      for (const line of text.split("\n")) if (line !== "ok") problems.add(line);
    }
    for (
      const [table] of queryTuples<[], [string]>(
        db,
        'SELECT DISTINCT "table" FROM pragma_foreign_key_check',
      )()
    ) {
      problems.add(`table ${table} refers to rows that do not exist`);
    }
  });
  return { name: "pages", found: `${bytes} bytes`, problems: problems.lines() };
}

interface Examination {
  readonly checks: readonly Check[];
  readonly progress: OnProgress;
  /** Whether the tables are those that this program knows. */
  readonly whole: boolean;
}

function examine(db: DatabaseSync, { checks, progress, whole }: Examination): Omit<Verification, "schema"> {
  const numbering = new Numbering();
  const numbers = new Problems();
  const events = new Problems();
  const mentioned = new Problems();
  const fold = new LogFold(events);
  const mentions = whole ? new MentionCheck(db, mentioned) : undefined;
  let count = 0;
  let newestMs = 0;
  guarded(events, () => {
    for (const row of logRows(db, progress)) {
      count++;
      newestMs = Math.max(newestMs, row[3]);
      numbering.place(row[0]);
      numbering.take(row[1], row[2], row[3]);
      fold.take(row);
      mentions?.take(row);
    }
    fold.finish();
  });
  numbering.report(numbers);
  const { users, channels, messages } = fold;
  const all: Check[] = [
    ...checks,
    { name: "streams", found: `${numbering.size}`, problems: numbers.lines() },
    { name: "events", found: `${count}, ${messages} messages among them`, problems: events.lines() },
  ];
  if (mentions) {
    progress("Comparing tables");
    all.push(...TABLE_CHECKS.map((check) => compareTable(db, fold, check)));
    let total = 0;
    guarded(mentioned, () => total = mentions.finish());
    all.push({ name: "mentions", found: `${total}`, problems: mentioned.lines() });
  }
  const orphans = new Problems();
  guarded(orphans, () => findOrphans(db, { fold, streams: numbering.ids() }, orphans));
  all.push({ name: "owners", found: "of streams, events and memberships", problems: orphans.lines() });
  const counts = { messages, users: users.size, channels: channels.size, events: count, newestMs };
  return { checks: all, counts };
}

function compareTable(db: DatabaseSync, fold: LogFold, { name, compare }: TableCheck): Check {
  const problems = new Problems();
  let rows = 0;
  guarded(problems, () => rows = compare(db, fold, problems));
  return { name, found: `${rows}`, problems: problems.lines() };
}

/** The log in the order of writing, a page at a time. */
function* logRows(db: DatabaseSync, progress: OnProgress): Generator<LogRow> {
  const { last } = queryOne<[], { last: number | null }>(db, "SELECT max(rowid) AS last FROM event")()!;
  const page = queryTuples<[number, number], LogRow>(
    db,
    `SELECT ${LOG_COLUMNS} FROM event WHERE rowid > ? ORDER BY rowid LIMIT ?`,
  );
  for (let after = 0;;) {
    progress("Reading the log", last ? after / last : 1);
    const rows = page(after, PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)![0];
  }
}
