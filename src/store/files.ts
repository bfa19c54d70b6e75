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

  /** Throws an Error when another process writes to the same name. */
  static async begin(path: string): Promise<Draft> {
    const file = await Deno.open(path, { create: true, read: true, write: true, mode: 0o600 });
    try {
      const mine = await file.tryLock(true) && (await file.stat()).ino === (await statOf(path))?.ino;
      if (!mine) throw new Error(`Another command writes to ${path}: wait for its end`);
      await file.truncate();
      await Deno.chmod(path, 0o600);
      await removeIfThere(`${path}-journal`);
      return new Draft(path, file);
    } catch (error) {
      file.close();
      throw error;
    }
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
    if ((await statOf(this.path))?.ino === ino) await Deno.remove(this.path);
    for (const suffix of ["-journal", "-wal", "-shm"]) await removeIfThere(this.path + suffix);
    this.#file.close();
  }
}
