/**
 * Whether the disk has room: the system is asked (statfs), and only where that is refused, or says that little is left,
 * is so much written and taken back. Writing also meets quotas, of which statfs knows nothing.
 *
 * Both happen on threads of the runtime, not on the one that commits, nor on the one that messages go through.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";

const PIECE_BYTES = 1024 * 1024;
/** `crypto.getRandomValues` gives no more at once. */
const RANDOM_BYTES = 64 * 1024;

/** A file without a name beside the database, empty but for the moment of a measurement. */
export class DiskSpace implements AsyncDisposable {
  readonly #folder: string;
  /** Or why there is none. */
  readonly #file: Deno.FsFile | Error;
  #piece: Uint8Array<ArrayBuffer> | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  /** Opens the file; later the program may open none any more. */
  constructor(databasePath: string) {
    this.#folder = dirname(databasePath);
    this.#file = open(`${databasePath}-room`);
  }

  /** Bytes that are free for this program; undefined where the system does not tell. */
  async free(): Promise<number | undefined> {
    try {
      const { bavail, bsize } = await statfs(this.#folder);
      return bavail * bsize;
    } catch {
      return undefined;
    }
  }

  /** Rejects with what the system says when there is no room for these bytes. */
  async need(bytes: number): Promise<void> {
    if (this.#file instanceof Error) throw this.#file;
    if (this.#closed) throw new Error("The data folder is closed");
    await (this.#writing = this.#write(this.#file, bytes));
  }

  /** Waits until what is being written has stopped, which is soon. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#writing?.catch(() => {});
    if (!(this.#file instanceof Error)) this.#file.close();
  }

  async #write(file: Deno.FsFile, bytes: number): Promise<void> {
    const piece = this.#piece ??= incompressible();
    try {
      for (let left = bytes; left > 0 && !this.#closed;) {
        left -= await file.write(piece.subarray(0, Math.min(left, PIECE_BYTES)));
      }
    } finally {
      await file.seek(0, Deno.SeekMode.Start);
      await file.truncate(0);
    }
  }
}

function open(path: string): Deno.FsFile | Error {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { create: true, write: true, truncate: true, mode: 0o600 });
  } catch (error) {
    // A server that cannot measure its disk runs all the same, and says that it is not ready.
    return error as Error;
  }
  try {
    Deno.removeSync(path);
  } catch {
    // Some systems keep the name of an open file: then it stays, and is empty.
  }
  return file;
}

/** What no file system makes smaller. */
function incompressible(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < bytes.length; at += RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES));
  }
  return bytes;
}
