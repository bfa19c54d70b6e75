/** Where a running server can be reached: a file in its data folder. @module */

const FILE = "server.json";

/** What a running server says of itself. */
export interface ServerAddress {
  /** Address on this machine. */
  readonly url: string;
  /** Address for links. */
  readonly publicUrl: string;
  readonly pid: number;
}

/** Writes the file, readable by its owner only. */
export async function writeServerFile(folder: string, address: ServerAddress): Promise<void> {
  const path = `${folder}/${FILE}`;
  const draft = `${path}.${address.pid}`;
  await Deno.writeTextFile(draft, JSON.stringify(address) + "\n", { mode: 0o600 });
  await Deno.rename(draft, path);
}

/** Undefined when there is none that can be read. */
export async function readServerFile(folder: string): Promise<ServerAddress | undefined> {
  try {
    const { url, publicUrl, pid } = JSON.parse(await Deno.readTextFile(`${folder}/${FILE}`));
    return typeof url === "string" && typeof publicUrl === "string" ? { url, publicUrl, pid } : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** For whoever holds the folder: a file that is still there tells of a server that is gone. */
export async function removeServerFile(folder: string): Promise<void> {
  await Deno.remove(`${folder}/${FILE}`).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
