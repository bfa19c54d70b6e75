/** How commands on this machine reach a running server: by a Unix socket in its data folder. @module */
import { type IncomingMessage, request as httpRequest } from "node:http";
import type { Fetch } from "../client/http.ts";
import type { ServerAddress } from "./server_file.ts";

/** Stands in requests by the socket, for lack of a host. */
export const OPERATOR_URL = "http://localhost";
const ANSWER_MS = 10_000;

/**
 * A fetch that goes to the server's socket and nowhere else. Deno's own, with the socket as its proxy, would go past it
 * wherever NO_PROXY says so, and the operator's token with it.
 */
export function fetchBySocket(folder: string, socket: string): Fetch {
  return (url, { method = "GET", headers, body, signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const request = httpRequest({
      socketPath: `${folder}/${socket}`,
      path: new URL(url).pathname,
      method,
      headers: { host: "localhost", connection: "close", ...Object.fromEntries(new Headers(headers)) },
      signal: signal ?? undefined,
    }, (answer) => responseOf(answer).then(resolve, reject));
    request.on("error", reject);
    request.end(body ?? undefined);
    return promise;
  };
}

async function responseOf(answer: IncomingMessage): Promise<Response> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const type = answer.headers["content-type"] ?? "";
  return new Response(new Blob(chunks), {
    status: answer.statusCode ?? 500,
    headers: { "content-type": type },
  });
}

/** What a server answers when it is asked for this path; undefined when it cannot be reached. */
export async function askServer(
  folder: string,
  { operator }: ServerAddress,
  path: string,
): Promise<{ readonly ok: boolean; readonly text: string } | undefined> {
  if (operator === undefined) return undefined;
  try {
    const ask = fetchBySocket(folder, operator);
    const response = await ask(OPERATOR_URL + path, { signal: AbortSignal.timeout(ANSWER_MS) });
    return { ok: response.ok, text: await response.text() };
  } catch {
    return undefined;
  }
}
