/** Where the data lies, and how it runs out of space. @module */
import { DatabaseSync } from "node:sqlite";
import { output } from "./output.ts";

/** Disposing removes it. */
export interface Place extends AsyncDisposable {
  /** Data folder. */
  readonly data: string;
  /** Leaves the process no space to write to. */
  fill(pid: number): Promise<void>;
  /** Gives it back; without a process when that is gone. */
  empty(pid: number | undefined): Promise<void>;
}

export type PlaceKind = "tmpfs" | "limit" | "plain";

const PREFIX = "rookery-chaos-";
/** More than clients write in the life of a world. */
const TMPFS_MB = 128;
const FILLER = "filler";
const FILL_BYTES = 1024 * 1024;
/** SQLite's files are larger, so that every write to them fails. */
const LIMIT_BYTES = 1024;

/** Ways to fill a disk that work here. */
export async function fillable(): Promise<PlaceKind[]> {
  const kinds: PlaceKind[] = [];
  try {
    await using _ = await tmpfs();
    kinds.push("tmpfs");
  } catch {
    // Not root, or not allowed to mount.
  }
  if (await output("prlimit", "--pid", `${Deno.pid}`, "--fsize") !== undefined) kinds.push("limit");
  return kinds;
}

export async function openPlace(kind: PlaceKind): Promise<Place> {
  if (kind === "tmpfs") return await tmpfs();
  const data = await Deno.makeTempDir({ prefix: PREFIX });
  // Only the soft limit moves, so nobody has to be root to give it back.
  const limit = async (pid: number, bytes: string) => {
    if (kind === "limit") await output("prlimit", "--pid", `${pid}`, `--fsize=${bytes}:`);
  };
  return {
    data,
    fill: (pid) => limit(pid, `${LIMIT_BYTES}`),
    empty: async (pid) => pid === undefined ? undefined : await limit(pid, "unlimited"),
    [Symbol.asyncDispose]: () => Deno.remove(data, { recursive: true }),
  };
}

/** A file system of its own. Throws when it cannot be mounted. */
async function tmpfs(): Promise<Place> {
  const top = await Deno.makeTempDir({ prefix: PREFIX });
  const options = `size=${TMPFS_MB}m,mode=0700`;
  const remove = () => Deno.remove(top, { recursive: true });
  if (await output("mount", "-t", "tmpfs", "-o", options, "tmpfs", top) === undefined) {
    await remove();
    throw new Error("A tmpfs cannot be mounted");
  }
  const data = `${top}/data`;
  const filler = `${top}/${FILLER}`;
  return {
    data,
    async fill() {
      shortenLog(`${data}/rookery.db`);
      await fillUp(filler);
    },
    empty: () => Deno.remove(filler),
    async [Symbol.asyncDispose]() {
      if (await output("umount", top) === undefined) await output("umount", "--lazy", top);
      await remove();
    },
  };
}

/**
 * A write-ahead log that has grown once is written over and over, and a full
 * disk would not be noticed: whoever looks with another program shortens it.
 */
function shortenLog(path: string): void {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
}

/** Writes until nothing fits any more, not even a byte. */
async function fillUp(path: string): Promise<void> {
  using file = await Deno.open(path, { create: true, append: true });
  const bytes = new Uint8Array(FILL_BYTES);
  for (let size = bytes.length; size >= 1;) {
    try {
      let left = bytes.subarray(0, size);
      while (left.length > 0) left = left.subarray(await file.write(left));
    } catch {
      size = Math.floor(size / 2);
    }
  }
}
