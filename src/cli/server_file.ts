/** Where a running server can be reached: a file in its data folder. @module */

const FILE = "server.json";
const DRAFT = /^server\.json\.\d+$/;

/** What a running server says of itself. */
export interface ServerAddress {
  /** Address on this machine. */
  readonly url: string;
  /** Address for links. */
  readonly publicUrl: string;
  /** Port for people: with a certificate not that of `url`. Absent in the files of older servers. */
  readonly port?: number;
  readonly pid: number;
  /** Name of the socket in the folder at which it can be taken over; absent when it cannot. */
  readonly takeover?: string;
}

/** Writes the file, readable by its owner only; it gets its name when the result is called. For whoever holds the folder. */
export async function draftServerFile(folder: string, address: ServerAddress): Promise<() => Promise<void>> {
  for await (const { name } of Deno.readDir(folder)) {
    // Of one that was killed at this very place.
    if (DRAFT.test(name)) await Deno.remove(`${folder}/${name}`);
  }
  const path = `${folder}/${FILE}`;
  const draft = `${path}.${address.pid}`;
  await Deno.writeTextFile(draft, JSON.stringify(address) + "\n", { mode: 0o600 });
  return () => Deno.rename(draft, path);
}

/** Undefined when there is none that can be read. */
export async function readServerFile(folder: string): Promise<ServerAddress | undefined> {
  try {
    const { url, publicUrl, port, pid, takeover } = JSON.parse(await Deno.readTextFile(`${folder}/${FILE}`));
    if (typeof url !== "string" || typeof publicUrl !== "string") return undefined;
    return {
      url,
      publicUrl,
      pid,
      ...(typeof port === "number" ? { port } : {}),
      ...(typeof takeover === "string" ? { takeover } : {}),
    };
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
