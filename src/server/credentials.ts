/** How a request proves who it comes from. A token never stands in a URL. @module */
import { BEARER_PREFIX } from "../wire/format.ts";
import { elementsOf } from "./list_header.ts";

/**
 * Cookie names. The `__Host-` prefix makes browsers insist on HTTPS and on
 * this very host (RFC 6265bis, section 4.1.3.2); plain HTTP cannot have it.
 */
const SECURE_COOKIE = "__Host-rookery";
const PLAIN_COOKIE = "rookery";

export interface Credentials {
  readonly token: string;
  /** Sent by the browser on its own, so the request's origin has to be checked. */
  readonly ambient: boolean;
}

/** The token that a request carries: Authorization header, bearer subprotocol or cookie, in this order. */
export function credentialsOf(request: Request): Credentials | undefined {
  const header = /^Bearer ([\w-]{1,128})$/i.exec(request.headers.get("authorization") ?? "");
  if (header) return { token: header[1]!, ambient: false };
  const offered = protocolsOf(request).find((protocol) => protocol.startsWith(BEARER_PREFIX));
  if (offered) return { token: offered.slice(BEARER_PREFIX.length), ambient: false };
  const cookies = request.headers.get("cookie") ?? "";
  for (const name of [SECURE_COOKIE, PLAIN_COOKIE]) {
    // bounded: the head of a request, of which the pattern reads no part twice
    const token = new RegExp(`(?:^|;\\s*)${name}=([\\w-]+)`).exec(cookies)?.[1];
    if (token) return { token, ambient: true };
  }
  return undefined;
}

/** Subprotocols that a WebSocket handshake offers. */
export function protocolsOf(request: Request): string[] {
  return elementsOf(request.headers.get("sec-websocket-protocol"));
}

/** Set-Cookie for a session; browsers that came over HTTPS get the strict one. */
export function sessionCookie(request: Request, token: string): string {
  const secure = isSecure(request);
  const name = secure ? SECURE_COOKIE : PLAIN_COOKIE;
  const year = 365 * 24 * 3600;
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${year}${secure ? "; Secure" : ""}`;
}

/** Set-Cookie values that end the session in the browser. */
export function clearedCookies(): string[] {
  return [
    `${SECURE_COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure`,
    `${PLAIN_COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`,
  ];
}

/** The browser says itself over what it came; a proxy's word is not needed. */
export function isSecure(request: Request): boolean {
  return request.headers.get("origin")?.startsWith("https:") ?? false;
}
