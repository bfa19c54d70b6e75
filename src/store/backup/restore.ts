/** Putting a backup back into a data folder. @module */
import { DatabaseSync } from "node:sqlite";
import { SYSTEM_USER_ID } from "../../chat/model.ts";
import type { Draft as DraftChange } from "../../chat/ports.ts";
import { draftSecret, secretOf } from "./backup.ts";
import { BatchRunner } from "../writer/batch_runner.ts";
import { encodeBatch } from "../writer/batch_codec.ts";
import { migrate } from "../database.ts";
import { explainFolder, isStorageFault, UnusableDatabase } from "../failure.ts";
import {
  dated,
  Draft,
  exists,
  parentOf,
  removeFolderIfThere,
  removeIfThere,
  statOf,
  syncToDisk,
} from "../folder/files.ts";
import { FOLLOWERS } from "../followers/follower_files.ts";
import { DataFolder } from "../folder/data_folder.ts";
import { doLongWork, type LongWorkOptions } from "../long_work/long_work.ts";
import { MIGRATIONS } from "../migrations/mod.ts";
import { demandOwnFile } from "../folder/ownership.ts";
import { queryTuples } from "../reader/query.ts";
import { type Counts, damageOf } from "../verify/verify.ts";

const DATABASE = "rookery.db";
const SECRET = "secret.key";
/** What belongs to one run of a server, or to one database. */
const SIDE_FILES = [
  "server.json",
  "allowances.json",
  `${DATABASE}-shm`,
  `${DATABASE}-journal`,
  `${DATABASE}-wal`,
];
/** What a server keeps in its folder beside the database. */
const OWN_FILES = [...SIDE_FILES, SECRET];
const MAGIC = "SQLite format 3\0";
const PATIENCE_MS = 2_000;

export interface RestoreOptions extends LongWorkOptions {
  /** Keep what the folder holds aside instead of refusing it. */
  readonly force: boolean;
  /** Log everybody out. */
  readonly endSessions: boolean;
}

export interface Restored {
  readonly counts: Counts;
  /** Schema of the backup, and of the restored database. */
  readonly schema: { readonly before: number; readonly after: number };
  /** Whose secret the folder has: the backup's, its own from before, or none until the next start. */
  readonly secret: "backup" | "kept" | "none";
  /** Folder that has what was there before. */
  readonly aside: string | undefined;
}

/**
 * Examines the backup, and makes it the folder's database with an epoch of
 * its own, so that clients load everything anew.
 *
 * Throws FolderInUse when a server runs on the folder, an Error when the
 * folder holds data or another command reads it, UnusableFolder when its disk
 * fails, UnusableDatabase when the backup is damaged. The folder's data is as
 * before then.
 */
export async function restoreBackup(
  backup: string,
  folder: string,
  options: RestoreOptions,
): Promise<Restored> {
  if (!(await statOf(backup))?.isFile) throw new Error(`There is no file ${backup}`);
  // Whoever made it would be the restored server's operator.
  const key = secretOf(backup);
  await demandOwnFile(parentOf(key), key.slice(key.lastIndexOf("/") + 1));
  const made = !await exists(folder);
  try {
    using held = await DataFolder.hold(folder);
    if (!options.force) await refuseData(folder, held);
    return await restoreInto(held, folder, { ...options, backup });
  } catch (error) {
    if (made) await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

async function restoreInto(
  held: DataFolder,
  folder: string,
  options: RestoreOptions & { readonly backup: string },
): Promise<Restored> {
  const { backup, endSessions } = options;
  const before = await examined(backup, options);
  await using draft = await Draft.begin(`${held.databasePath}.restored`);
  await doLongWork({ kind: "copy", from: backup, to: draft.path }, options);
  renew(draft.path, { endSessions });
  const after = await examined(draft.path, options);
  await draft.sync();
  options.signal?.throwIfAborted();
  await using secret = await exists(secretOf(backup))
    ? await draftSecret(secretOf(backup), `${folder}/${SECRET}`)
    : undefined;
  await foldLog(folder, held);
  const aside = await keepAside(folder, held);
  await replace(folder, { database: draft, secret });
  return {
    counts: after.counts,
    schema: { before: before.schema, after: after.schema },
    secret: secret !== undefined ? "backup" : await exists(`${folder}/${SECRET}`) ? "kept" : "none",
    aside,
  };
}

/**
 * What a server that was killed had committed moves from its log into the
 * database, which from then on is whole by itself. Nothing is done for a
 * database that nobody can read any more.
 */
async function foldLog(folder: string, held: DataFolder): Promise<void> {
  if (!await exists(held.walPath) && !await exists(`${held.databasePath}-journal`)) return;
  // SQLite would remove the log of what it takes for no database.
  if (!await isDatabase(held.databasePath)) return;
  try {
    using db = new DatabaseSync(held.databasePath, { timeout: PATIENCE_MS });
    const { busy } = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()!;
    if (busy) throw new Error(`Another command reads the data in ${folder}: wait for its end`);
  } catch (error) {
    const explained = explainFolder(error, folder);
    if (explained !== error || !isStorageFault(error)) throw explained;
  }
}

/** Whether it begins as SQLite's files do (https://sqlite.org/fileformat2.html#magic_header_string). */
async function isDatabase(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const header = new Uint8Array(MAGIC.length);
  await file.read(header);
  return new TextDecoder().decode(header) === MAGIC;
}

/**
 * Puts the new files in the old ones' place. Whenever this is cut off, the
 * folder has the old data or the new; the secret is the last to change, and only
 * invite links depend on it.
 */
async function replace(
  folder: string,
  { database, secret }: { readonly database: Draft; readonly secret: Draft | undefined },
): Promise<void> {
  // SQLite would take what is left of the old log for the new database's.
  for (const name of SIDE_FILES) await removeIfThere(`${folder}/${name}`);
  // What was made of the old log holds words of it; the next start makes it anew.
  await removeFolderIfThere(`${folder}/${FOLLOWERS}`);
  await Deno.rename(database.path, `${folder}/${DATABASE}`);
  if (secret) await Deno.rename(secret.path, `${folder}/${SECRET}`);
  await syncToDisk(folder);
}

async function examined(path: string, options: LongWorkOptions) {
  const verification = await doLongWork({ kind: "verify", path }, options);
  const damage = damageOf(verification);
  if (damage.length === 0) return verification;
  throw new UnusableDatabase(
    `Nothing was restored, because ${path} is damaged:${damage.map((line) => `\n  ${line}`).join("")}`,
  );
}

/** Brings the schema up to date and gives the data another epoch; ends all sessions on request. */
export function renew(
  path: string,
  { endSessions, steps = MIGRATIONS }: { readonly endSessions: boolean; readonly steps?: readonly string[] },
): void {
  migrate(path, steps);
  using db = new DatabaseSync(path);
  db.prepare("UPDATE meta SET epoch = ?").run(crypto.randomUUID());
  if (!endSessions) return;
  const sessions = queryTuples<[], [number, number]>(db, "SELECT user, id FROM session ORDER BY id")();
  const batch = sessions.map(([stream, sessionId]): DraftChange => ({
    actorId: SYSTEM_USER_ID,
    key: "",
    events: [{ stream, body: { case: "sessionEnded", value: { sessionId } } }],
  }));
  new BatchRunner(db).run(encodeBatch(batch), Date.now());
}

async function refuseData(folder: string, held: DataFolder): Promise<void> {
  const size = (await statOf(held.databasePath))?.size ?? 0;
  let holds = size > 0;
  for (const name of OWN_FILES) holds ||= await exists(`${folder}/${name}`);
  if (!holds) return;
  throw new Error(
    `The data folder ${folder} holds data: give another with --data, or keep the old data aside with --force`,
  );
}

/** Gives the old data a second place in a dated folder. */
async function keepAside(folder: string, held: DataFolder): Promise<string | undefined> {
  const names: string[] = [];
  for (const name of OWN_FILES) if (await exists(`${folder}/${name}`)) names.push(name);
  const size = (await statOf(held.databasePath))?.size ?? 0;
  if (names.length === 0 && size === 0) return undefined;
  const aside = await newFolder(`${folder}/replaced-${dated(new Date())}`);
  for (const name of [DATABASE, ...names]) {
    const [from, to] = [`${folder}/${name}`, `${aside}/${name}`];
    // Some file systems know no hard links.
    await Deno.link(from, to).catch(() => Deno.copyFile(from, to));
    await syncToDisk(to);
  }
  await syncToDisk(aside);
  return aside;
}

async function newFolder(path: string): Promise<string> {
  for (let number = 1;; number++) {
    const name = number === 1 ? path : `${path}-${number}`;
    try {
      await Deno.mkdir(name, { mode: 0o700 });
      return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}
