/**
 * A cookie of this server alone. Browsers know cookies by host and name, not by port, and the strict ones not by path
 * either: so the name has a tag of the server's public address, and servers on one host stay apart.
 *
 * @module
 */
import { createHash } from "node:crypto";

const TAG_DIGITS = 8;
const VALUE = /^[\w-]{1,128}$/;
const ATTRIBUTES = "Path=/; HttpOnly; SameSite=Strict";

export interface HostCookieOptions {
  readonly name: string;
  /** The server's address for people, with its path. */
  readonly publicUrl: string;
  readonly maxAgeS: number;
}

/** `secure` says everywhere that the browser reaches the server by HTTPS. */
export class HostCookie {
  /**
   * Browsers insist on HTTPS and on this very host for the prefix `__Host-` (RFC 6265bis, section 4.1.3.2). Where a server
   * is reached by HTTPS no other counts, since whoever stands on the way can set another by plain HTTP.
   */
  readonly #secureName: string;
  readonly #plainName: string;
  readonly #maxAgeS: number;

  constructor({ name, publicUrl, maxAgeS }: HostCookieOptions) {
    const tag = createHash("sha256").update(publicUrl).digest("hex").slice(0, TAG_DIGITS);
    this.#plainName = `${name}-${tag}`;
    this.#secureName = `__Host-${this.#plainName}`;
    this.#maxAgeS = maxAgeS;
  }

  /** Its value in a request; undefined when there is none, or one that this server has not set. */
  valueIn(request: Request, { secure }: { readonly secure: boolean }): string | undefined {
    const beginning = `${secure ? this.#secureName : this.#plainName}=`;
    const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
    const value = pairs.find((pair) => pair.startsWith(beginning))?.slice(beginning.length);
    return value !== undefined && VALUE.test(value) ? value : undefined;
  }

  /** Set-Cookie for a value. */
  set(value: string, { secure }: { readonly secure: boolean }): string {
    return secure
      ? `${this.#secureName}=${value}; ${ATTRIBUTES}; Max-Age=${this.#maxAgeS}; Secure`
      : `${this.#plainName}=${value}; ${ATTRIBUTES}; Max-Age=${this.#maxAgeS}`;
  }

  /** Set-Cookie values that make the browser forget it. */
  cleared(): string[] {
    return [
      `${this.#secureName}=; ${ATTRIBUTES}; Max-Age=0; Secure`,
      `${this.#plainName}=; ${ATTRIBUTES}; Max-Age=0`,
    ];
  }
}
