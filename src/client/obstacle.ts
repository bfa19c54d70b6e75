/**
 * Why no connection comes about. Runtimes tell of a failed handshake that it failed, and browsers by intent nothing more
 * (https://websockets.spec.whatwg.org/#feedback-from-the-protocol), so the server is asked by POST what it came to.
 *
 * @module
 */
import { jsonCodec } from "../wire/client_codec.ts";
import { asRookeryError, fromWire, RookeryError } from "./error.ts";
import { apiUrl, exchange, isForeign, type RequestOptions, statusError } from "./http.ts";

/**
 * What stands in the way of a connection:
 *
 * - `lost`: nothing yet; the connection that there was has ended.
 * - `unreachable`: nobody answers, or a proxy says that nobody is behind it.
 * - `foreign`: what answers at the address is no Rookery server.
 * - `refused`: the server, which says why: it is stopping, has no room, or too much has come from this user.
 * - `blocked`: something that lets requests through to the server and no WebSocket, such as a proxy.
 */
export type Obstacle = "lost" | "unreachable" | "foreign" | "refused" | "blocked";

/** What a failed handshake came to. */
export interface Finding {
  readonly obstacle: Obstacle;
  /** For people; `unavailable` when trying again makes sense. */
  readonly error: RookeryError;
}

const BLOCKED = "The server answers, but no WebSocket gets through to it: look at the proxies in between";

/** Asks the server what a handshake would come to. Never rejects. */
export async function findObstacle(
  base: string | URL,
  { token, fetch, signal }: Pick<RequestOptions, "token" | "fetch" | "signal">,
): Promise<Finding> {
  const url = apiUrl(base, "socket");
  const headers: Record<string, string> = { accept: jsonCodec.contentType };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  try {
    const { status, type, data } = await exchange(url, { method: "POST", headers }, { fetch, signal });
    const ours = type.startsWith(jsonCodec.contentType);
    if (ours && status === 200 && new TextDecoder().decode(data) === "{}") return found("blocked", BLOCKED);
    const refusal = ours ? readError(data) : undefined;
    if (refusal?.code === "unauthenticated" || refusal?.code === "permission_denied") {
      return { obstacle: "refused", error: refusal };
    }
    if (refusal) return found("refused", refusal.message, refusal);
    const stranger = statusError(status, url);
    const nobody = stranger.code === "unavailable";
    return found(
      isForeign(status) ? "foreign" : nobody ? "unreachable" : "refused",
      stranger.message,
      stranger,
    );
  } catch (cause) {
    return found("unreachable", "The server cannot be reached", asRookeryError(cause));
  }
}

/** A Rookery server's refusal, which always names the request; undefined for other servers' JSON. */
function readError(data: ArrayBuffer): RookeryError | undefined {
  try {
    const error = fromWire(jsonCodec.decodeError(data));
    return error.requestId === "" ? undefined : error;
  } catch {
    return undefined;
  }
}

function found(obstacle: Obstacle, message: string, cause?: RookeryError): Finding {
  const error = new RookeryError("unavailable", message, { cause, retryAfterMs: cause?.retryAfterMs ?? 0 });
  return { obstacle, error };
}
