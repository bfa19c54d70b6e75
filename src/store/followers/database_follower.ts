/**
 * A follower whose effects are tables in a database file of its own, which may be thrown away at any time: it is in no
 * backup, and what is damaged, of another version or of another log is made anew.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Follower, FollowerCursor, LoggedChange } from "../../chat/ports.ts";
import { isDamage } from "../failure.ts";
import { followerFile, FOLLOWERS } from "./follower_files.ts";

/** What the tables are, and how they follow. */
export interface FollowerTables {
  /** Of the follower, and of its file: small letters and underscores. */
  readonly name: string;
  /** Whenever the tables of the same log would be others, this is another number. */
  readonly version: number;
  readonly schema: string;
  /** Prepares statements; what they do belongs to the transaction that keeps the cursor. */
  prepare(db: DatabaseSync): Pick<Follower, "rest"> & { take(changes: readonly LoggedChange[]): void };
}

const BUSY_TIMEOUT_MS = 2_000;
const CURSOR = `
CREATE TABLE follower (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  epoch TEXT NOT NULL,
  position INTEGER NOT NULL,
  mark TEXT NOT NULL
) STRICT;
`;

/** Opens the follower in a data folder. Throws what SQLite throws; a file that is damaged is made anew. */
export function openDatabaseFollower(folder: string, tables: FollowerTables): Follower {
  return new DatabaseFollower(folder, tables);
}

/** The statements of a file that is open. */
interface Opened {
  readonly db: DatabaseSync;
  readonly advance: StatementSync;
  readonly work: ReturnType<FollowerTables["prepare"]>;
}

class DatabaseFollower implements Follower {
  readonly #folder: string;
  readonly #tables: FollowerTables;
  readonly #path: string;
  #opened: Opened | undefined;
  #cursor: FollowerCursor | undefined;
  #damaged = false;

  constructor(folder: string, tables: FollowerTables) {
    this.#folder = folder;
    this.#tables = tables;
    this.#path = followerFile(folder, tables.name);
    try {
      this.#openIfThere();
    } catch (error) {
      // What is damaged has no cursor, and is made anew.
      if (!isDamage(error)) throw error;
    }
  }

  get cursor(): FollowerCursor | undefined {
    return this.#cursor;
  }

  clear(cursor: FollowerCursor): void {
    this.#opened?.db.close();
    this.#opened = undefined;
    removeFiles(this.#path);
    Deno.mkdirSync(`${this.#folder}/${FOLLOWERS}`, { recursive: true, mode: 0o700 });
    // SQLite would create it readable for everybody, and its side files take its mode.
    Deno.openSync(this.#path, { createNew: true, write: true, mode: 0o600 }).close();
    const { name, version, schema } = this.#tables;
    const db = openFile(this.#path);
    try {
      db.exec(`BEGIN IMMEDIATE; ${CURSOR} ${schema}`);
      db.prepare("INSERT INTO follower VALUES (1, ?, ?, ?, ?, ?)")
        .run(name, version, cursor.epoch, cursor.position, cursor.mark);
      db.exec("COMMIT");
    } catch (error) {
      db.close();
      throw error;
    }
    this.#use(db);
    this.#cursor = cursor;
  }

  take(changes: readonly LoggedChange[], cursor: FollowerCursor): void {
    this.#guard(() => {
      const { db, advance, work } = this.#opened!;
      db.exec("BEGIN IMMEDIATE");
      try {
        // Only the one whose cursor stands there goes on from it, should another process follow as well.
        const { changes: moved } = advance.run(cursor.position, cursor.mark, this.#cursor!.position);
        if (moved !== 1) throw new Error("Another process follows with the same file");
        work.take(changes);
        db.exec("COMMIT");
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
      this.#cursor = cursor;
    });
  }

  rest(): number | undefined {
    return this.#guard(() => this.#opened?.work.rest?.());
  }

  [Symbol.dispose](): void {
    this.#opened?.db.close();
    this.#opened = undefined;
    if (this.#damaged) removeFiles(this.#path);
  }

  #openIfThere(): void {
    if (!isThere(this.#path)) return;
    const db = openFile(this.#path);
    try {
      this.#cursor = cursorIn(db, this.#tables);
      if (this.#cursor) this.#use(db);
    } finally {
      if (!this.#opened) db.close();
    }
  }

  #use(db: DatabaseSync): void {
    const advance = db.prepare("UPDATE follower SET position = ?, mark = ? WHERE position = ?");
    this.#opened = { db, advance, work: this.#tables.prepare(db) };
  }

  /** What is damaged is removed when it is closed, and the next attempt begins anew. */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#damaged ||= isDamage(error);
      throw error;
    }
  }
}

/** A commit may be lost with the power, and is made again; what is deleted is overwritten. */
function openFile(path: string): DatabaseSync {
  using opened = new DisposableStack();
  const db = opened.adopt(new DatabaseSync(path), (db) => db.close());
  db.exec(`
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA secure_delete = ON;
  `);
  opened.move();
  return db;
}

/** Undefined when the file is another follower's, another version's, or was never whole. */
function cursorIn(db: DatabaseSync, { name, version }: FollowerTables): FollowerCursor | undefined {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'follower'").get()) return undefined;
  const row = db.prepare("SELECT epoch, position, mark FROM follower WHERE name = ? AND version = ?")
    .get(name, version);
  return row && { ...row } as unknown as FollowerCursor;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function removeFiles(path: string): void {
  for (const suffix of ["-wal", "-shm", "-journal", ""]) {
    try {
      Deno.removeSync(path + suffix);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
