/** The other door: one command, one POST. @module */
import {
  type CommandCase,
  type CommandInit,
  type CommandResult,
  type InviteCheck,
  jsonCodec,
  messageName,
  protoCodec,
  type ServerInfo,
  type SessionToken,
} from "../wire/client_codec.ts";
import { fromWire, reasonOf, type RookeryCode, RookeryError } from "./error.ts";
import { type Patience, patiently } from "./patience.ts";

/** The part of fetch that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How to make a request. */
export interface RequestOptions {
  /** Session's token; left out when a cookie or nobody speaks. */
  readonly token?: string | undefined;
  /** Idempotency key of a durable command. */
  readonly key?: string | undefined;
  /** Encoding; "proto" when left out. */
  readonly format?: "proto" | "json" | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly fetch?: Fetch | undefined;
}

/** What registering takes; `cookie` asks for a cookie instead of a token. */
export interface Registrant {
  readonly name: string;
  readonly password: string;
  readonly displayName?: string;
  readonly inviteCode?: string;
  readonly device?: string;
  readonly cookie?: boolean;
}

/** What logging in takes; `cookie` asks for a cookie instead of a token. */
export interface Credentials {
  readonly name: string;
  readonly password: string;
  readonly device?: string;
  /** What the login before on this device answered; with it strangers who guess do not slow this one down. */
  readonly deviceCredential?: string;
  readonly cookie?: boolean;
}

/** How to log in. */
export interface LoginOptions extends RequestOptions, Omit<Patience, "waiting"> {
  /**
   * For programs that a service manager may start before the server. With it the login goes on trying, with growing
   * pauses of up to 30 seconds, while the server cannot be reached or asks to wait, and tells it before each pause.
   */
  readonly waiting?: Patience["waiting"] | undefined;
}

/**
 * Sends one command to `base`, an absolute http(s) address that may end in a
 * path. Throws RookeryError: the server's refusal, or unavailable when there
 * is no answer. An abort throws the signal's reason.
 */
export async function request<C extends CommandCase>(
  base: string | URL,
  [name, body]: readonly [name: C, body: CommandInit<C>],
  options: RequestOptions = {},
): Promise<CommandResult<C>> {
  const { token, key, format } = options;
  const codec = format === "json" ? jsonCodec : protoCodec;
  const headers: Record<string, string> = {
    ...codec.headers,
    "content-type": codec.contentType,
    accept: codec.contentType,
  };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (key !== undefined) headers["idempotency-key"] = key;
  const url = apiUrl(base, messageName(name));
  const init = { method: "POST", headers, body: encoded(name, () => codec.encodeBody(name, body)) };
  const { status, type, data } = await exchange(url, init, options);
  const answer = [protoCodec, jsonCodec].find(({ contentType }) => type.startsWith(contentType));
  if (!answer) throw statusError(status, url);
  try {
    if (status === 200) return answer.decodeResult(name, data);
  } catch (cause) {
    throw new RookeryError("internal", `The answer to ${name} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  let refusal: RookeryError;
  try {
    refusal = fromWire(answer.decodeError(data), name);
  } catch {
    refusal = statusError(status, url);
  }
  throw refusal;
}

/** What `encode` makes of a command's fields. Throws RookeryError invalid_argument for what it cannot encode. */
export function encoded<T>(name: CommandCase, encode: () => T): T {
  try {
    return encode();
  } catch (cause) {
    const message = `The ${name} command cannot be encoded: ${reasonOf(cause)}`;
    throw new RookeryError("invalid_argument", message, { cause });
  }
}

/**
 * Sends a request and takes the whole answer. Throws RookeryError unavailable when there is none, and the signal's
 * reason after an abort.
 */
export async function exchange(
  url: URL,
  init: RequestInit,
  { signal, fetch = globalThis.fetch }: Pick<RequestOptions, "signal" | "fetch">,
): Promise<{ readonly status: number; readonly type: string; readonly data: ArrayBuffer }> {
  try {
    const response = await fetch(url.href, { ...init, redirect: "error", ...(signal ? { signal } : {}) });
    const type = response.headers.get("content-type") ?? "";
    return { status: response.status, type, data: await response.arrayBuffer() };
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new RookeryError("unavailable", `No answer from ${url.origin}: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Starts a session. Throws unauthenticated for a wrong name or password; tries once, unless `waiting` is given.
 */
export function login(
  base: string | URL,
  credentials: Credentials,
  options: LoginOptions = {},
): Promise<SessionToken> {
  const attempt = () => request(base, ["login", credentials], options);
  const { waiting } = options;
  return waiting ? patiently(attempt, { ...options, waiting }) : attempt();
}

/** Creates an account and starts its first session. */
export function register(
  base: string | URL,
  registrant: Registrant,
  options: RequestOptions = {},
): Promise<SessionToken> {
  return request(base, ["register", registrant], options);
}

/**
 * What registering with an invite code would come to now. Throws
 * resource_exhausted after many codes that the server has not made.
 */
export function checkInvite(
  base: string | URL,
  inviteCode: string,
  options: RequestOptions = {},
): Promise<InviteCheck> {
  return request(base, ["checkInvite", { inviteCode }], options);
}

/** What anybody may know about the server. */
export function serverInfo(base: string | URL, options: RequestOptions = {}): Promise<ServerInfo> {
  return request(base, ["getServerInfo", {}], options);
}

/**
 * Address of a door of the API below a base that may have a path of its own. Throws RookeryError when the base is
 * not an http(s) address.
 */
export function apiUrl(base: string | URL, door: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(base);
  } catch {
    // Told below.
  }
  if (!url || !/^https?:$/.test(url.protocol)) {
    const message = `Not a server's address, which begins with http:// or https://: "${base}"`;
    throw new RookeryError("invalid_argument", message);
  }
  url.pathname = `${url.pathname.replace(/(?<!\/)\/+$/, "")}/api/v1/${door}`;
  url.search = url.hash = "";
  return url;
}

/** Address of the socket. */
export function socketUrl(base: string | URL): string {
  const url = apiUrl(base, "socket");
  url.protocol = url.protocol.replace(/^http/, "ws");
  return url.href;
}

/** What another program than Rookery answers where a door of Rookery's was asked for. */
const NOT_ROOKERY: ReadonlySet<number> = new Set([200, 204, 401, 403, 404, 405, 410, 501]);

/** An answer without an Error message at a door of the API: a proxy's, or of a server that is another. */
export function statusError(status: number, door: URL): RookeryError {
  const codes: Readonly<Record<number, RookeryCode>> = {
    400: "invalid_argument",
    // Not the server's word on a session or a right: that always has its form.
    401: "unavailable",
    403: "unavailable",
    404: "not_found",
    413: "invalid_argument",
    429: "resource_exhausted",
    502: "unavailable",
    503: "unavailable",
    504: "unavailable",
  };
  const code = codes[status] ?? "internal";
  const place = door.origin + door.pathname.replace(/\/api\/v1\/\w+$/, "");
  const message = isForeign(status)
    ? `What answers at ${place} is not a Rookery server (HTTP status ${status})`
    : code === "unavailable"
    ? `The server cannot be reached: a proxy answers with HTTP status ${status}`
    : `The server, or a proxy before it, answers with HTTP status ${status}`;
  return new RookeryError(code, message);
}

/** Whether this status, without an Error message, is that of a server that is not Rookery. */
export function isForeign(status: number): boolean {
  return NOT_ROOKERY.has(status);
}
