/** How a request proves who it comes from. A token never stands in a URL. @module */
import { ChatError, Code } from "../../chat/error.ts";
import type { Principal } from "../../chat/model.ts";
import { BEARER_PREFIX } from "../../wire/format.ts";
import { HostCookie } from "./host_cookie.ts";
import { elementsOf } from "../requests/list_header.ts";
import type { OwnNames } from "./own_names.ts";
import type { RequestContext } from "../requests/request_context.ts";

const DAY_S = 24 * 3600;
/** Browsers keep no cookie longer (RFC 6265bis, section 5.5). */
const DEVICE_DAYS = 400;
const SESSION_DAYS = 365;

export interface Credentials {
  readonly token: string;
  /** Sent by the browser on its own, so the request's origin has to be checked. */
  readonly ambient: boolean;
}

/** What browsers keep for a server. */
export interface Cookies {
  readonly session: HostCookie;
  /**
   * By it a browser is known again when somebody logs in there: an account that logged in from it is not slowed down by
   * strangers who guess. It lets nobody in, so it outlives the session.
   */
  readonly device: HostCookie;
}

/** Where callers prove who they are. */
export interface Door {
  readonly names: OwnNames;
  readonly cookies: Cookies;
  /** Who holds a token; `operator` when it came by the operator's socket. */
  authenticate(token: string, from: { readonly operator: boolean }): Principal | undefined;
}

/** The cookies of the server with this address for people. */
export function cookiesOf(publicUrl: string): Cookies {
  return {
    session: new HostCookie({ name: "rookery", publicUrl, maxAgeS: SESSION_DAYS * DAY_S }),
    device: new HostCookie({ name: "rookery-device", publicUrl, maxAgeS: DEVICE_DAYS * DAY_S }),
  };
}

/**
 * What a request carries and whose it is. Throws ChatError permission_denied when a cookie, or a page, comes from an
 * origin that is not allowed.
 */
export function callerOf(
  { request, operator }: RequestContext,
  { names, cookies, authenticate }: Door,
): { readonly credentials: Credentials | undefined; readonly principal: Principal | undefined } {
  const page = request.headers.has("origin");
  if (operator && page) {
    throw new ChatError(Code.PERMISSION_DENIED, "The operator's socket is for commands, not for pages");
  }
  const credentials = credentialsOf(request) ??
    ambient(cookies.session.valueIn(request, { secure: names.isSecure(request) }));
  if (credentials?.ambient || page) names.demandOrigin(request);
  return { credentials, principal: credentials && authenticate(credentials.token, { operator }) };
}

/** The token in a request's Authorization header or bearer subprotocol, in this order. */
function credentialsOf(request: Request): Credentials | undefined {
  const header = /^Bearer ([\w-]{1,128})$/i.exec(request.headers.get("authorization") ?? "");
  if (header) return { token: header[1]!, ambient: false };
  const offered = protocolsOf(request).find((protocol) => protocol.startsWith(BEARER_PREFIX));
  return offered === undefined ? undefined : { token: offered.slice(BEARER_PREFIX.length), ambient: false };
}

function ambient(token: string | undefined): Credentials | undefined {
  return token === undefined ? undefined : { token, ambient: true };
}

/** Subprotocols that a WebSocket handshake offers. */
export function protocolsOf(request: Request): string[] {
  return elementsOf(request.headers.get("sec-websocket-protocol"));
}
