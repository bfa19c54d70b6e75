/** Files that appear whole or not at all. @module */

/** The time in names of files, UTC: 20250131-235959. */
export function dated(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}

export async function exists(path: string): Promise<boolean> {
  return await statOf(path) !== undefined;
}

/** Undefined when there is nothing of this name. */
export async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

export async function removeIfThere(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

export async function removeFolderIfThere(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** What was written to a file is on the disk afterwards; of a folder, the names in it. */
export async function syncToDisk(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
}

/** Gives a synced file its name. Throws AlreadyExists when the name is taken and may not be replaced. */
export async function putInPlace(
  draft: string,
  path: string,
  { replace }: { replace: boolean },
): Promise<void> {
  if (replace) await Deno.rename(draft, path);
  else {
    try {
      await Deno.link(draft, path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists || await exists(path)) {
        throw new Deno.errors.AlreadyExists(path);
      }
      // Some file systems know no hard links.
      await Deno.rename(draft, path);
    }
    await removeIfThere(draft);
  }
  await syncToDisk(parentOf(path));
}

/** What SQLite keeps beside a file. */
const SIDE_FILES = ["-journal", "-wal", "-shm"];
const WRITABLE_BY_ALL = 0o002;
/** In such a folder nobody can rename or remove what is another's (Linux, inode(7)). */
const STICKY = 0o1000;

/**
 * A new file under a name that others may leave behind when they are killed:
 * empty, readable by its owner only, and held while it is written.
 */
export class Draft implements AsyncDisposable {
  readonly path: string;
  readonly #file: Deno.FsFile;

  /** Used through {@link Draft.begin}. */
  constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Throws an Error when another process writes to the same name, or when something stands there that a killed command of
   * this user has not left. What is there is never written to, and no link is followed.
   */
  static async begin(path: string): Promise<Draft> {
    await refuseOpenFolder(parentOf(path));
    await removeRemains(path);
    for (const suffix of SIDE_FILES) await removeIfThere(path + suffix);
    const file = await Deno.open(path, { createNew: true, read: true, write: true, mode: 0o600 })
      .catch((error) => Promise.reject(error instanceof Deno.errors.AlreadyExists ? busy(path) : error));
    if (await file.tryLock(true)) return new Draft(path, file);
    file.close();
    throw busy(path);
  }

  /** Fills it. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
  }

  async size(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  /** Removes it, unless it was put in place, with what SQLite keeps beside a file. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { ino } = await this.#file.stat();
    if ((await linkStatOf(this.path))?.ino === ino) await Deno.remove(this.path);
    for (const suffix of SIDE_FILES) await removeIfThere(this.path + suffix);
    this.#file.close();
  }
}

function busy(path: string): Error {
  return new Error(`Another command writes to ${path}: wait for its end`);
}

/** Where everybody may replace files, what is written can be turned into something else before it has its name. */
async function refuseOpenFolder(folder: string): Promise<void> {
  const mode = (await statOf(folder))?.mode ?? 0;
  if ((mode & WRITABLE_BY_ALL) === 0 || (mode & STICKY) !== 0) return;
  throw new Error(`Everybody may replace files in ${folder}: choose another folder, or chmod o-w ${folder}`);
}

/** Removes the file of a command that was killed, unless it is another user's or being written. */
async function removeRemains(path: string): Promise<void> {
  const there = await linkStatOf(path);
  if (!there) return;
  if (!there.isFile || !isOwn(there)) {
    throw new Error(`${path} is in the way and not this user's file: remove it, or choose another name`);
  }
  using file = await Deno.open(path);
  if (!await file.tryLock(true)) throw busy(path);
  await removeIfThere(path);
}

/** Of the name itself, wherever a link may lead. */
async function linkStatOf(path: string): Promise<Deno.FileInfo | undefined> {
  return await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

/** Whether it belongs to the user of this process, as far as that may be asked. */
function isOwn({ uid }: Deno.FileInfo): boolean {
  const user = ownUid();
  return user === undefined || uid === null || uid === user;
}

/** Number of the user that this process runs as; undefined where it may not be asked. */
export function ownUid(): number | undefined {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() ?? undefined : undefined;
}
