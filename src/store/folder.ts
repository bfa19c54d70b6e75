/** The data folder: made when missing, held by one process. @module */
import { FolderInUse } from "./failure.ts";

const LOCK = "lock";
const DATABASE = "rookery.db";

/** Where the database of a data folder is. */
export function databaseIn(folder: string): string {
  return `${folder}/${DATABASE}`;
}

/** The data folder while it is ours. Disposing gives it back. */
export class DataFolder implements Disposable {
  readonly databasePath: string;
  readonly #lock: Deno.FsFile;

  /** SQLite's write-ahead log, which is there while the database is open. */
  get walPath(): string {
    return `${this.databasePath}-wal`;
  }

  /** Used through {@link DataFolder.hold}. */
  constructor(databasePath: string, lock: Deno.FsFile) {
    this.databasePath = databasePath;
    this.#lock = lock;
  }

  /** Throws FolderInUse when another process, or another store of this one, holds it. */
  static async hold(folder: string): Promise<DataFolder> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const lock = await Deno.open(`${folder}/${LOCK}`, { create: true, write: true, mode: 0o600 });
    try {
      if (!await lock.tryLock(true)) {
        throw new FolderInUse(
          `The data folder ${folder} is in use: stop the other Rookery first, or choose another folder`,
        );
      }
      const databasePath = databaseIn(folder);
      // SQLite would create it readable for everybody, and its side files take its mode.
      (await Deno.open(databasePath, { create: true, write: true, mode: 0o600 })).close();
      return new DataFolder(databasePath, lock);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#lock.close();
  }
}
