/** One HTTP request with what is known about it, and its name in answers and in the log. @module */

import { COMMAND_NAMES } from "../../wire/server_codec.ts";

/** Header of every response, and from a trusted proxy of requests. */
export const REQUEST_ID = "x-request-id";

/** What proxies and browsers send: UUIDs, hexadecimal, counters. */
const SANE = /^[\w.-]{1,64}$/;
/** Random numbers that are asked for at once: the call costs more than they do. */
const POOL = 512;
const API = "/api/v1/";
const COMMANDS: ReadonlySet<string> = new Set(COMMAND_NAMES);
/** Anything else is a word of the client's. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export interface RequestContext {
  readonly request: Request;
  /** Undefined when its address is none. */
  readonly pathname: string | undefined;
  readonly id: string;
  /** Address that is throttled, in canonical spelling. */
  readonly address: string;
  /** It came by the operator's socket. */
  readonly operator: boolean;
  /** Settles when the answer is on its way, or the peer is gone. */
  readonly completed: Promise<void>;
  /** Whose session it is, once that is known. */
  user?: number;
}

/**
 * Gives requests their names: 64 random bits as hexadecimal, or a trusted proxy's. A count would tell everybody how
 * much is asked of the server.
 */
export class RequestIds {
  readonly #pool = new Uint32Array(POOL);
  #at = POOL;

  /** `trusted` says whether the request's peer is a trusted proxy. */
  of(request: Request, trusted: boolean): string {
    const given = trusted ? request.headers.get(REQUEST_ID) ?? "" : "";
    return SANE.test(given) ? given : this.#word() + this.#word();
  }

  #word(): string {
    if (this.#at === POOL) {
      crypto.getRandomValues(this.#pool);
      this.#at = 0;
    }
    return this.#pool[this.#at++]!.toString(16).padStart(8, "0");
  }
}

/** The method for the log. */
export function methodOf({ method }: Request): string {
  return METHODS.has(method) ? method : "other";
}

/**
 * The kind of address for the log: a command by its name, and "/api/v1/*" for what is none; never the address itself, in
 * which a client may have put anything.
 */
export function routeOf(pathname: string | undefined): string {
  if (pathname === undefined) return "other";
  if (pathname === "/" || pathname === "/healthz" || pathname === "/readyz") return pathname;
  if (pathname === "/api/v1/socket") return pathname;
  if (pathname.startsWith(API)) return COMMANDS.has(pathname.slice(API.length)) ? pathname : `${API}*`;
  return pathname.startsWith("/assets/") ? "/assets/*" : "other";
}
