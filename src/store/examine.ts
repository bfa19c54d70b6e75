/** What can be learnt of a disk and a database without a store. @module */
import { DatabaseSync } from "node:sqlite";
import { besideServer } from "./folder/beside_server.ts";
import { checkedVersion, openForReading, openForWriting } from "./database.ts";
import { exists } from "./folder/files.ts";
import { databaseIn } from "./folder/data_folder.ts";
import { MIGRATIONS } from "./migrations/mod.ts";

/** What a row of a short message takes. */
const ROW_BYTES = 200;

/** Version of the SQLite inside this program. */
export function sqliteVersion(): string {
  using db = new DatabaseSync(":memory:");
  return db.prepare("SELECT sqlite_version() AS version").get()!.version as string;
}

/**
 * The schema's version of a folder's database and the newest that this program knows; undefined
 * where there is no database. Rejects with UnusableDatabase for files that are not ours or newer.
 */
export async function schemaOf(
  folder: string,
): Promise<{ readonly version: number; readonly newest: number } | undefined> {
  if (!await exists(databaseIn(folder))) return undefined;
  const newest = MIGRATIONS.length;
  return await besideServer(folder, (path) => {
    using db = openForReading(path);
    return Promise.resolve({ version: checkedVersion(db, path, newest), newest });
  });
}

/** Among so many of the newest events the latest time is looked for. */
const NEWEST_EVENTS = 100_000;

/** The latest time among the newest events of a folder's database; 0 when there is none, undefined without a database. */
export async function newestTimeOf(folder: string): Promise<number | undefined> {
  if (!await exists(databaseIn(folder))) return undefined;
  return await besideServer(folder, (path) => {
    using db = openForReading(path);
    const newest = `SELECT time_ms FROM event ORDER BY rowid DESC LIMIT ${NEWEST_EVENTS}`;
    const row = db.prepare(`SELECT max(time_ms) AS ms FROM (${newest})`).get()!;
    return Promise.resolve(Number(row.ms ?? 0));
  });
}

/**
 * Milliseconds of each of some small transactions, stored in a database at `path` as messages are: on
 * the disk before the next one begins. Ends early after `maxMs`. The caller removes the files.
 */
export function measureCommits(
  path: string,
  { count, maxMs }: { readonly count: number; readonly maxMs: number },
): number[] {
  using db = openForWriting(path);
  db.exec("CREATE TABLE rows (bytes BLOB)");
  const insert = db.prepare("INSERT INTO rows VALUES (zeroblob(?))");
  const tookMs: number[] = [];
  const startMs = performance.now();
  for (let nowMs = startMs; tookMs.length < count && nowMs - startMs < maxMs;) {
    insert.run(ROW_BYTES);
    const doneMs = performance.now();
    tookMs.push(doneMs - nowMs);
    nowMs = doneMs;
  }
  return tookMs;
}
