/** How commands on this machine reach a running server: by a Unix socket in its data folder. @module */
import type { Fetch } from "../client/http.ts";
import type { ServerAddress } from "./server_file.ts";

/** Stands in requests by the socket, for lack of a host. */
export const OPERATOR_URL = "http://localhost";
const ANSWER_MS = 10_000;

/** Runs work with a fetch that goes to the server's socket. Undefined when it has none. */
export async function bySocket<T>(
  folder: string,
  { operator }: ServerAddress,
  work: (fetch: Fetch) => Promise<T>,
): Promise<T | undefined> {
  if (operator === undefined) return undefined;
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: `${folder}/${operator}` } });
  return await work((url, init) => fetch(url, { ...init, client }));
}

/** What a server answers when it is asked for this path; undefined when it cannot be reached. */
export async function askServer(
  folder: string,
  server: ServerAddress,
  path: string,
): Promise<{ readonly ok: boolean; readonly text: string } | undefined> {
  try {
    return await bySocket(folder, server, async (fetch) => {
      const response = await fetch(OPERATOR_URL + path, { signal: AbortSignal.timeout(ANSWER_MS) });
      return { ok: response.ok, text: await response.text() };
    });
  } catch {
    return undefined;
  }
}
