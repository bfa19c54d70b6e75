/** The store of a data folder: reads on this isolate, writes in a worker. @module */
import type { DiskReserve, Draft, EventWriter, Outcome, StoreReader } from "../chat/ports.ts";
import { openForReading } from "./database.ts";
import { DiskSpace } from "./disk/disk_space.ts";
import { type DiskRoom, DiskWatch } from "./disk/disk_watch.ts";
import type { DataFolder } from "./folder/data_folder.ts";
import type { Oddity } from "./folder/oddities.ts";
import { SqliteReader } from "./reader/sqlite_reader.ts";
import { type OnCommit, Writer } from "./writer/writer.ts";

/** Everything the core needs of a store. Disposing waits for the pending commit. */
export type Store = StoreReader & EventWriter & AsyncDisposable;

export interface StoreOptions {
  /** Called once when the writer is gone for good: nothing can be stored until a restart. */
  readonly onFatal?: (error: Error) => void;
  /** Called with the reason when the writer died and another one takes over; nothing is lost by it. */
  readonly onReplace?: (reason: string) => void;
  /** Called with what in the folder is not as a server leaves it. */
  readonly onOddity?: (oddity: Oddity) => void;
  /** Called after each batch with the number of its commands and the milliseconds of its transaction. */
  readonly onCommit?: OnCommit;
  /** Looks now and then whether the disk has room for these bytes. Default: it does not. */
  readonly room?: DiskRoom | undefined;
  /** Resolves when the process that has the folder has let go of it for this one. */
  readonly turn?: (() => Promise<void>) | undefined;
}

/** What became of a folder that was let go of: it is ours again, somebody has it, or somebody has written to it. */
export type TakenBack = "ours" | "held" | "changed";

/** What noting when sessions were last used may write. */
const TOUCH_BYTES = 64 * 1024;

export class SqliteStore extends SqliteReader implements Store {
  readonly #writer: Writer;
  readonly #held: DataFolder;
  readonly #wal: Deno.FsFile;
  readonly #space: DiskSpace | undefined;
  readonly #disk: DiskWatch | undefined;
  #closed: Promise<void> | undefined;
  #mark = "";

  /** Used through {@link openStore}. */
  constructor(held: DataFolder, writer: Writer, room: StoreOptions["room"]) {
    super(openForReading(held.databasePath));
    this.#held = held;
    this.#writer = writer;
    // For its size, when the program may open no files any more. SQLite holds no lock on this one:
    // closing a handle of a locked file would end all locks that the process has on it.
    this.#wal = Deno.openSync(held.walPath);
    this.#space = room && new DiskSpace(held.databasePath);
    const space = this.#space;
    this.#disk = room && space && new DiskWatch({
      free: () => space.free(),
      need: (bytes) => space.need(bytes),
      busy: () => writer.suspended || writer.waitingMs > 0,
      room,
    });
  }

  /** Opens both connections; used through {@link openStore}. */
  static async open(held: DataFolder, options: StoreOptions): Promise<SqliteStore> {
    const spawn = () => new Worker(new URL("./writer/writer_worker.ts", import.meta.url), { type: "module" });
    let store: SqliteStore | undefined;
    const { onFatal = () => {}, onReplace, onCommit } = options;
    const callbacks = { onFatal, onReplace, onCommit };
    const writer = new Writer(spawn, (actorId, key) => store?.findByKey(actorId, key), callbacks);
    try {
      await writer.open(held.databasePath);
      store = new SqliteStore(held, writer, options.room);
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
    if (this.#disk?.take(TOUCH_BYTES) === false) return;
    this.#writer.touchSessions(lastUsed);
  }

  /** Position of the newest event of the log. */
  get lastPosition(): number {
    return this.#writer.lastPosition;
  }

  /** Why nothing can be stored now; undefined when the last write was. */
  get failure(): string | undefined {
    return this.#writer.failure;
  }

  /** The disk's room, for those who write; undefined when nobody looks. */
  get disk(): DiskReserve | undefined {
    return this.#disk;
  }

  /** What the system said when it had no room to spare; undefined when it had, or nobody looks. */
  get diskLow(): string | undefined {
    return this.#disk?.low;
  }

  /** Bytes that were free on the disk lately; undefined where the system does not tell, or nobody looks. */
  get diskFree(): number | undefined {
    return this.#disk?.free;
  }

  /** Looks for another room, or at other times, from now on; nothing changes when nobody looks. */
  watchDisk(room: DiskRoom): void {
    this.#disk?.watch(room);
  }

  /** How often a writer died and another one took over. */
  get writersReplaced(): number {
    return this.#writer.replaced;
  }

  /** How long the writer has owed an answer, milliseconds; 0 when it owes none. */
  get waitingMs(): number {
    return this.#writer.waitingMs;
  }

  /** Size of the write-ahead log's file. */
  walBytes(): number {
    // Its end, because Deno asks for permission again before it tells what it knows of an open file.
    return this.#wal.seekSync(0, Deno.SeekMode.End);
  }

  /** Makes the disk look full beyond this many pages of the database; for tests. */
  limitPages(maxPages: number): void {
    this.#writer.limitPages(maxPages);
  }

  /** Writes nothing more and lets go of the folder for another process; reading goes on. */
  async letGo(): Promise<void> {
    await this.#writer.suspend();
    this.#mark = this.mark();
    try {
      await this.#held.letGo();
    } catch (error) {
      this.#writer.resume();
      throw error;
    }
  }

  /** Goes on writing, if the folder is free and nothing was changed since {@link letGo}. */
  async takeBack(): Promise<TakenBack> {
    if (!await this.#held.takeBack()) return "held";
    if (this.mark() !== this.#mark) return "changed";
    this.#writer.resume();
    return "ours";
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    const looked = [this.#space?.[Symbol.asyncDispose](), this.#disk?.[Symbol.asyncDispose]()];
    await this.#writer.drain();
    await Promise.all(looked);
    // The last connection to go removes the WAL, and a reading one could not.
    this.closeReader();
    this.#wal.close();
    await this.#writer.close();
    this.#held[Symbol.dispose]();
  }
}
