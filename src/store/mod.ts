/**
 * The store in a data folder: SQLite behind the ports of the core.
 *
 * @module
 */
import { migrate, schemaOf } from "./database.ts";
import { UnusableDatabase } from "./failure.ts";
import { besideServer } from "./folder/beside_server.ts";
import { databaseIn, DataFolder } from "./folder/data_folder.ts";
import { exists } from "./folder/files.ts";
import { odditiesOf, oddityLine } from "./folder/oddities.ts";
import { doLongWork, type LongWorkOptions } from "./long_work/long_work.ts";
import { MIGRATIONS } from "./migrations/mod.ts";
import { SqliteStore, type StoreOptions } from "./sqlite_store.ts";
import type { Verification } from "./verify/verify.ts";

export { saveBackup } from "./backup/backup.ts";
export type { DiskRoom } from "./disk/disk_watch.ts";
export { measureCommits, newestTimeOf, schemaOf, sqliteVersion } from "./examine.ts";
export { odditiesOf, type Oddity } from "./folder/oddities.ts";
export { ownerText } from "./folder/ownership.ts";
export { explainFolder, FolderInUse, UnusableDatabase, UnusableFolder } from "./failure.ts";
export { demandOwnFile, demandOwnFolder } from "./folder/ownership.ts";
export { restoreBackup } from "./backup/restore.ts";
export { followerFiles } from "./followers/follower_files.ts";
export { type FollowerEntry, type FollowerReport, Followers, LITTLE_LAG } from "./followers/followers.ts";
export { SqliteStore, type Store, type StoreOptions, type TakenBack } from "./sqlite_store.ts";
export { damageOf } from "./verify/verify.ts";

/**
 * Opens the store in a folder, which is created when missing.
 *
 * From then on only SQLite touches the files. Throws FolderInUse when another
 * process has the folder, UnusableDatabase when the file is not ours or newer
 * than this program, StoreFailure when it cannot be written.
 */
export async function openStore(folder: string, options: StoreOptions = {}): Promise<SqliteStore> {
  await options.turn?.();
  const oddities = await odditiesOf(folder);
  const fatal = oddities.find((oddity) => oddity.fatal);
  if (fatal) throw new UnusableDatabase(oddityLine(fatal));
  for (const oddity of oddities) options.onOddity?.(oddity);
  const held = await DataFolder.hold(folder, { heir: options.turn !== undefined });
  try {
    migrate(held.databasePath);
    return await SqliteStore.open(held, options);
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

/**
 * Schema of the folder's database and of this program, read beside the server
 * that has it. Throws UnusableDatabase as {@link openStore} does.
 */
export function schemasOf(folder: string): { readonly there: number; readonly ours: number } {
  return { there: schemaOf(databaseIn(folder)), ours: MIGRATIONS.length };
}

/** Examines a data folder, whether a server runs on it or not. Throws as {@link verifyFile} does. */
export function verifyFolder(folder: string, options: LongWorkOptions = {}): Promise<Verification> {
  return besideServer(folder, (path) => doLongWork({ kind: "verify", path }, options));
}

/** Examines a backup. Throws UnusableDatabase when the file is none. */
export async function verifyFile(path: string, options: LongWorkOptions = {}): Promise<Verification> {
  if (!await exists(path)) throw new Error(`There is no file ${path}`);
  return await doLongWork({ kind: "verify", path }, options);
}
