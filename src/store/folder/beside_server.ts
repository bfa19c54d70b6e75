/** Reading a data folder's database, whether a server runs on it or not. @module */
import { DatabaseSync } from "node:sqlite";
import { FolderInUse } from "../failure.ts";
import { exists, statOf } from "./files.ts";
import { databaseIn, DataFolder } from "./data_folder.ts";

/**
 * Runs work on the path of the folder's database. Throws an Error when the
 * folder has none.
 *
 * A reading connection cannot remove the files that SQLite puts beside a
 * database; where no server does it, that is done here.
 */
export async function besideServer<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = databaseIn(folder);
  if (!await statOf(path)) throw new Error(`There is no database in ${folder}: choose a folder with --data`);
  const clean = !await exists(`${path}-wal`);
  try {
    return await work(path);
  } finally {
    if (clean && await exists(`${path}-wal`)) await tidy(folder);
  }
}

async function tidy(folder: string): Promise<void> {
  try {
    using held = await DataFolder.hold(folder);
    using db = new DatabaseSync(held.databasePath);
    db.prepare("SELECT count(*) FROM sqlite_schema").get();
  } catch (error) {
    // A server has begun, or the database is what the work has just complained about.
    if (!(error instanceof FolderInUse) && !(error as { errcode?: number }).errcode) throw error;
  }
}
