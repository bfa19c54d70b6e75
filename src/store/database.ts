/** Opening the database file: its settings, its schema, and refusing what is not ours. @module */
import { DatabaseSync } from "node:sqlite";
import { isStorageFault, UnusableDatabase } from "./failure.ts";
import { ownerText } from "./folder/ownership.ts";
import { MIGRATIONS } from "./migrations/mod.ts";

/** A step of the schema changes a definition in place, which SQLite forbids otherwise. The types do not know of it yet. */
export const MIGRATING = { readOnly: false, defensive: false };

/** "Rook", at byte 68 of the file. */
const APPLICATION_ID = 0x526f6f6b;

const BUSY_TIMEOUT_MS = 5000;
const CHECKPOINT_PAGES = 2000;
/** SQLite's default. */
const PAGE_BYTES = 4096;
/** Length of the write-ahead log of a server that runs, or that was killed. */
export const JOURNAL_BYTES_MIN = CHECKPOINT_PAGES * PAGE_BYTES;
const JOURNAL_BYTES = 64 * 1024 * 1024;

/**
 * The only connection that writes. A commit has reached the disk when it
 * returns, and what was deleted is overwritten with zeros.
 */
export function openForWriting(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA journal_size_limit = ${JOURNAL_BYTES};
  `);
  return db;
}

/**
 * Gives the write-ahead log the length that it has before a checkpoint lets it
 * begin anew. A commit that only overwrites what is there takes a quarter less
 * time: the file system need not find room for it and note that.
 */
export function lengthenJournal(db: DatabaseSync, path: string): void {
  if (bytesOf(`${path}-wal`) >= JOURNAL_BYTES_MIN) return;
  const cacheSize = db.prepare("PRAGMA cache_size").get()!.cache_size as number;
  // Pages for which the cache has no room are written into the log, and no commit makes them valid.
  db.exec("PRAGMA cache_size = 10; BEGIN IMMEDIATE");
  try {
    db.exec(`
      CREATE TABLE lengthening (bytes BLOB);
      INSERT INTO lengthening VALUES (zeroblob(${CHECKPOINT_PAGES * PAGE_BYTES}));
    `);
  } catch (error) {
    // A full disk is told of when there is something to store.
    if (!isStorageFault(error)) throw error;
  } finally {
    if (db.isTransaction) db.exec("ROLLBACK");
    db.exec(`PRAGMA cache_size = ${cacheSize}`);
  }
}

/** 0 for a file that is not there. */
function bytesOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** A connection that sees what was committed and changes nothing. */
export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return db;
}

/**
 * Creates the database or brings its schema up to date: all steps or none, so
 * that the program from before can go on when one of them fails.
 *
 * Throws UnusableDatabase for a file of another program or a newer Rookery.
 */
export function migrate(path: string, steps: readonly string[] = MIGRATIONS): void {
  const db = openOrRefuse(path);
  try {
    const version = checkedVersion(db, path, steps.length);
    if (version < steps.length) takeSteps(db, steps.slice(version), version);
  } finally {
    db.close();
  }
}

/** The schema's version. Throws UnusableDatabase for a file of another program or a newer Rookery. */
export function schemaOf(path: string): number {
  const db = openForReading(path);
  try {
    return checkedVersion(db, path, MIGRATIONS.length);
  } finally {
    db.close();
  }
}

function openOrRefuse(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, MIGRATING);
  } catch (error) {
    throw unusable(error, path);
  }
}

/** What to throw for an error of SQLite; others stay as they are. */
export function unusable(error: unknown, path: string): unknown {
  // SQLite tells a damaged header as if the statement were wrong.
  if (!isStorageFault(error) && !/unsupported file format/.test(String(error))) return error;
  const { message } = error as Error;
  if (/not a database/.test(message)) return notOurs(path);
  return new UnusableDatabase(
    `The database ${path}${ownerOf(path)} cannot be opened: ${message}. ${nextFor(path)}`,
    { cause: error },
  );
}

function notOurs(path: string): UnusableDatabase {
  return new UnusableDatabase(
    `The file ${path}${ownerOf(path)} is not a Rookery database: move it away or choose another data folder`,
  );
}

function ownerOf(path: string): string {
  try {
    return ownerText(Deno.statSync(path).uid);
  } catch {
    return "";
  }
}

/** Only a data folder's own database has a folder to name. */
function nextFor(path: string): string {
  const folder = /^(.*)\/rookery\.db$/.exec(path)?.[1];
  if (folder === undefined) return "Next: take another backup";
  return `Next: rookery verify --data ${folder}, and rookery restore BACKUP --force --data ${folder}`;
}

/**
 * The schema's version; 0 for a file that is still empty. Throws
 * UnusableDatabase for a file of another program or a newer Rookery.
 */
export function checkedVersion(db: DatabaseSync, path: string, newest: number): number {
  const facts = readFacts(db, path);
  if (facts.tables === 0 && facts.application === 0 && facts.version === 0) return 0;
  if (facts.application !== APPLICATION_ID) throw notOurs(path);
  if (facts.version > newest) {
    throw new UnusableDatabase(
      `The database ${path} was written by a newer Rookery (schema ${facts.version}, this one knows ${newest}): ` +
        "run that newer version, or restore a backup made by this one",
    );
  }
  return facts.version;
}

function readFacts(db: DatabaseSync, path: string): { application: number; version: number; tables: number } {
  try {
    return {
      application: db.prepare("PRAGMA application_id").get()!.application_id as number,
      version: db.prepare("PRAGMA user_version").get()!.user_version as number,
      tables: db.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()!.tables as number,
    };
  } catch (error) {
    throw unusable(error, path);
  }
}

function takeSteps(db: DatabaseSync, steps: readonly string[], from: number): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const [at, sql] of steps.entries()) {
      db.exec(sql);
      if (from + at > 0) continue;
      db.prepare("INSERT INTO meta (one, epoch, max_id) VALUES (1, ?, 1)").run(crypto.randomUUID());
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    }
    db.exec(`PRAGMA user_version = ${from + steps.length}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
