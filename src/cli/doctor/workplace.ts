/** A folder of the examination's own beside the data, which is gone afterwards. @module */
import { parentOf } from "../../store/folder/files.ts";

export interface Workplace extends AsyncDisposable {
  /** The data folder, or the nearest one above it that exists already. */
  readonly base: string;
  /** Empty folder in it. */
  readonly path: string;
  /** Whether the data folder itself is there. */
  readonly there: boolean;
}

/** Throws Deno.errors when nothing can be written there. */
export async function openWorkplace(folder: string): Promise<Workplace> {
  let base = folder;
  while (!await isFolder(base)) {
    const above = parentOf(base);
    if (above === base) break;
    base = above;
  }
  const path = await Deno.makeTempDir({ dir: base, prefix: ".rookery-doctor-" });
  return {
    base,
    path,
    there: base === folder,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
