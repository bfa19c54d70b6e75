/** The data folder: made when missing, held by one process. @module */
import { FolderInUse } from "../failure.ts";
import { demandOwnFile, demandOwnFolder } from "./ownership.ts";

const LOCK = "lock";
/** Locked by a server from the time it lets go of the folder until its successor serves. */
const SUCCESSION = "lock.next";
const DATABASE = "rookery.db";
/** Files whose contents, or locks, are believed. */
const BELIEVED = [LOCK, SUCCESSION, DATABASE, `${DATABASE}-wal`, "secret.key"];

/** How long a successor waits for a folder that was let go of for it. */
const PATIENCE_MS = 5000;
const TRY_AGAIN_MS = 5;

/** Where the database of a data folder is. */
export function databaseIn(folder: string): string {
  return `${folder}/${DATABASE}`;
}

/** The data folder while it is ours. Disposing gives it back. */
export class DataFolder implements Disposable {
  readonly databasePath: string;
  readonly #lock: Deno.FsFile;
  readonly #succession: Deno.FsFile;

  /** SQLite's write-ahead log, which is there while the database is open. */
  get walPath(): string {
    return `${this.databasePath}-wal`;
  }

  /** Used through {@link DataFolder.hold}. */
  constructor(databasePath: string, locks: { readonly lock: Deno.FsFile; readonly succession: Deno.FsFile }) {
    this.databasePath = databasePath;
    this.#lock = locks.lock;
    this.#succession = locks.succession;
  }

  /**
   * Throws UnusableFolder when others may write in it, and FolderInUse when another process, or another store of this
   * one, holds it. An heir may take what its holder has let go of; nobody else may.
   */
  static async hold(folder: string, { heir = false }: { heir?: boolean } = {}): Promise<DataFolder> {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await demandOwnFolder(folder);
    for (const name of BELIEVED) await demandOwnFile(folder, name);
    using opened = new DisposableStack();
    const open = async (name: string) =>
      opened.use(await Deno.open(`${folder}/${name}`, { create: true, write: true, mode: 0o600 }));
    const lock = await open(LOCK);
    const succession = await open(SUCCESSION);
    const free = heir ? await lockSoon(lock) : await lock.tryLock(true) && await succession.tryLock(true);
    if (!free) {
      throw new FolderInUse(
        `The data folder ${folder} is in use: stop the other Rookery first, or choose another folder`,
      );
    }
    if (!heir) await succession.unlock();
    const databasePath = databaseIn(folder);
    // SQLite would create it readable for everybody, and its side files take its mode.
    (await Deno.open(databasePath, { create: true, write: true, mode: 0o600 })).close();
    opened.move();
    return new DataFolder(databasePath, { lock, succession });
  }

  /** Lets go of it for an heir: nobody else can take it as long as this process lives. */
  async letGo(): Promise<void> {
    if (!await this.#succession.tryLock(true)) throw new FolderInUse("Another handover is under way");
    await this.#lock.unlock();
  }

  /** Takes back what was let go of; false when somebody has it. */
  async takeBack(): Promise<boolean> {
    if (!await this.#lock.tryLock(true)) return false;
    await this.#succession.unlock();
    return true;
  }

  [Symbol.dispose](): void {
    this.#lock.close();
    this.#succession.close();
  }
}

/** Others try the lock, too, and give it back at once when they see that it is not for them. */
async function lockSoon(lock: Deno.FsFile): Promise<boolean> {
  const untilMs = performance.now() + PATIENCE_MS;
  while (!await lock.tryLock(true)) {
    if (performance.now() > untilMs) return false;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
  return true;
}
