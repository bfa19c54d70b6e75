/**
 * The store in a data folder: SQLite behind the ports of the core.
 *
 * @module
 */
import type { Draft, EventWriter, Outcome, StoreReader } from "../chat/ports.ts";
import { migrate, openForReading } from "./database.ts";
import { DataFolder } from "./folder.ts";
import { SqliteReader } from "./reader.ts";
import { WorkerWriter } from "./writer.ts";

export { FolderInUse, UnusableDatabase } from "./failure.ts";

/** Everything the core needs of a store. Disposing waits for the pending commit. */
export type Store = StoreReader & EventWriter & AsyncDisposable;

export interface StoreOptions {
  /** Called once when the writer is gone for good: nothing can be stored until a restart. */
  readonly onFatal?: (error: Error) => void;
}

/**
 * Opens the store in a folder, which is created when missing.
 *
 * From then on only SQLite touches the files. Throws FolderInUse when another
 * process has the folder, UnusableDatabase when the file is not ours or newer
 * than this program, StoreFailure when it cannot be written.
 */
export async function openStore(folder: string, options: StoreOptions = {}): Promise<SqliteStore> {
  const held = await DataFolder.hold(folder);
  try {
    migrate(held.databasePath);
    return await SqliteStore.open(held, options.onFatal ?? (() => {}));
  } catch (error) {
    held[Symbol.dispose]();
    throw error;
  }
}

/** Reads on this isolate, writes in a worker. */
export class SqliteStore extends SqliteReader implements Store {
  readonly #writer: WorkerWriter;
  readonly #held: DataFolder;
  #closed: Promise<void> | undefined;

  /** Used through {@link openStore}. */
  constructor(held: DataFolder, writer: WorkerWriter) {
    super(openForReading(held.databasePath));
    this.#held = held;
    this.#writer = writer;
  }

  /** Opens both connections; used through {@link openStore}. */
  static async open(held: DataFolder, onFatal: (error: Error) => void): Promise<SqliteStore> {
    const worker = new Worker(new URL("./writer_worker.ts", import.meta.url), { type: "module" });
    let store: SqliteStore | undefined;
    const writer = new WorkerWriter(worker, (actorId, key) => store?.findByKey(actorId, key), onFatal);
    try {
      await writer.open(held.databasePath);
      store = new SqliteStore(held, writer);
      return store;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  commit(batch: readonly Draft[]): Promise<Outcome[]> {
    return this.#writer.commit(batch);
  }

  touchSessions(lastUsed: ReadonlyMap<number, number>): void {
    this.#writer.touchSessions(lastUsed);
  }

  /** Makes the disk look full beyond this many pages of the database; for tests. */
  limitPages(maxPages: number): void {
    this.#writer.limitPages(maxPages);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    await this.#writer.drain();
    // The last connection to go removes the WAL, and a reading one could not.
    this.closeReader();
    await this.#writer.close();
    this.#held[Symbol.dispose]();
  }
}
