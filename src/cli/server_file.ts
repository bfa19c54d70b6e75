/** Where a running server can be reached: a file in its data folder. @module */
import { demandOwnFile, demandOwnFolder } from "../store/mod.ts";

const FILE = "server.json";
const DRAFT = /^server\.json\.\d+$/;
/** A name in the folder and no way out of it. */
const SOCKET = /^[\w-]{1,64}\.sock$/;

/** What a running server says of itself. */
export interface ServerAddress {
  /** Address for links. */
  readonly publicUrl: string;
  /** Address at which this machine reaches it; absent where that speaks HTTPS, and needs the certificate's name. */
  readonly url?: string;
  /** Port for people. */
  readonly port: number;
  readonly pid: number;
  /** Name of the socket in the folder that takes the operator's commands; absent when there is none. */
  readonly operator?: string;
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
  await Deno.writeTextFile(draft, JSON.stringify(address) + "\n", { mode: 0o600, createNew: true });
  return () => Deno.rename(draft, path);
}

/**
 * Undefined when there is none that can be read. Throws UnusableFolder when others may have written it: it tells to whom
 * the operator's token is sent.
 */
export async function readServerFile(folder: string): Promise<ServerAddress | undefined> {
  try {
    const text = await Deno.readTextFile(`${folder}/${FILE}`);
    await demandOwnFolder(folder);
    await demandOwnFile(folder, FILE);
    const { url, publicUrl, port, pid, operator, takeover } = JSON.parse(text);
    if (typeof publicUrl !== "string" || typeof port !== "number") return undefined;
    return {
      publicUrl,
      port,
      pid,
      ...(typeof url === "string" ? { url } : {}),
      ...(isSocket(operator) ? { operator } : {}),
      ...(isSocket(takeover) ? { takeover } : {}),
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

function isSocket(name: unknown): name is string {
  return typeof name === "string" && SOCKET.test(name);
}
