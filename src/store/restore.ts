/** Putting a backup back into a data folder. @module */
import { DatabaseSync } from "node:sqlite";
import { SYSTEM_USER_ID } from "../chat/model.ts";
import type { Draft as DraftChange } from "../chat/ports.ts";
import { saveSecret, secretOf } from "./backup.ts";
import { BatchRunner } from "./batch.ts";
import { encodeBatch } from "./cells.ts";
import { migrate } from "./database.ts";
import { UnusableDatabase } from "./failure.ts";
import { dated, Draft, exists, putInPlace, statOf, syncToDisk } from "./files.ts";
import { DataFolder } from "./folder.ts";
import { doLongWork, type LongWorkOptions } from "./long_work.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { queryTuples } from "./readers/query.ts";
import { type Counts, damageOf } from "./verify.ts";

/** What a server keeps in its folder beside the database. The log goes last: the database needs it. */
const OWN_FILES = ["server.json", "secret.key", "rookery.db-shm", "rookery.db-journal", "rookery.db-wal"];

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
  /** Whether the backup had the server's secret. */
  readonly secret: boolean;
  /** Folder that has what was there before. */
  readonly aside: string | undefined;
}

/**
 * Examines the backup, and makes it the folder's database with an epoch of
 * its own, so that clients load everything anew.
 *
 * Throws FolderInUse when a server runs on the folder, an Error when the
 * folder holds data, UnusableDatabase when the backup is damaged. The folder's
 * data is as before then.
 */
export async function restoreBackup(
  backup: string,
  folder: string,
  options: RestoreOptions,
): Promise<Restored> {
  if (!(await statOf(backup))?.isFile) throw new Error(`There is no file ${backup}`);
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
  const aside = await setAside(folder, held);
  const secret = await exists(secretOf(backup));
  if (secret) await saveSecret(secretOf(backup), `${folder}/secret.key`, { force: true });
  await putInPlace(draft.path, held.databasePath, { replace: true });
  return { counts: after.counts, schema: { before: before.schema, after: after.schema }, secret, aside };
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

/** Moves the old data into a dated folder; the database stays at its place, too, until it is replaced. */
async function setAside(folder: string, held: DataFolder): Promise<string | undefined> {
  const names: string[] = [];
  for (const name of OWN_FILES) if (await exists(`${folder}/${name}`)) names.push(name);
  const size = (await statOf(held.databasePath))?.size ?? 0;
  if (names.length === 0 && size === 0) return undefined;
  const aside = await newFolder(`${folder}/replaced-${dated(new Date())}`);
  // Two names of one file: at no moment could a server find the folder empty and begin anew.
  await Deno.link(held.databasePath, `${aside}/rookery.db`)
    .catch(() => Deno.copyFile(held.databasePath, `${aside}/rookery.db`));
  await syncToDisk(`${aside}/rookery.db`);
  for (const name of names) await Deno.rename(`${folder}/${name}`, `${aside}/${name}`);
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
