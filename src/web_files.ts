/** The built web client beside the program's source, or inside the executable. @module */

const DIST = new URL("./web/dist/", import.meta.url);

/** Everything that `deno task web` has made; empty when it was not run. */
export async function webFiles(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const path of [...filesIn(""), ...filesIn("assets/")]) {
    files.set(path, await Deno.readFile(new URL(path, DIST)));
  }
  return files;
}

function filesIn(folder: string): string[] {
  try {
    const entries = [...Deno.readDirSync(new URL(folder, DIST))];
    return entries.filter((entry) => entry.isFile).map((entry) => folder + entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
