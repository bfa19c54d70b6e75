/**
 * Whether the disk has room for more than the next commit, found out by writing that much and taking it back.
 *
 * The system would tell (statfs), but Deno asks for the permission `sys` and to read the folder, both of which a
 * running server does without. Writing also meets quotas, of which statfs knows nothing.
 *
 * @module
 */

const PIECE_BYTES = 1024 * 1024;
/** `crypto.getRandomValues` gives no more at once. */
const RANDOM_BYTES = 64 * 1024;

/** A file without a name beside the database, empty but for the moment of a measurement. */
export class Headroom implements Disposable {
  readonly #file: Deno.FsFile;
  #piece: Uint8Array<ArrayBuffer> | undefined;

  /** Opens the file; later the program may open none any more. */
  constructor(databasePath: string) {
    const path = `${databasePath}-room`;
    this.#file = Deno.openSync(path, { create: true, write: true, truncate: true, mode: 0o600 });
    try {
      Deno.removeSync(path);
    } catch {
      // Some systems keep the name of an open file: then it stays, and is empty.
    }
  }

  /** Throws what the system says when there is no room for these bytes. Takes about a millisecond for each 4 MiB. */
  need(bytes: number): void {
    const piece = this.#piece ??= incompressible();
    try {
      for (let left = bytes; left > 0;) {
        left -= this.#file.writeSync(piece.subarray(0, Math.min(left, PIECE_BYTES)));
      }
    } finally {
      this.#file.seekSync(0, Deno.SeekMode.Start);
      this.#file.truncateSync(0);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** What no file system makes smaller. */
function incompressible(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < bytes.length; at += RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(at, at + RANDOM_BYTES));
  }
  return bytes;
}
