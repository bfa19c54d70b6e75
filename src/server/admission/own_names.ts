/**
 * By which names this server is reached, and which pages may therefore act with a user's cookie.
 *
 * A page of another site must neither open a socket (cross-site WebSocket hijacking) nor send commands. It is not
 * enough that a page's origin is the host that the request names: whoever owns a domain can let it lead to this
 * machine (DNS rebinding), and then both are theirs. So the name itself has to be known.
 *
 * @module
 */
import { ChatError, Code } from "../../chat/error.ts";
import { IpAddress } from "../../ip_address.ts";

export interface NameSettings {
  /** The public address; undefined when none is configured. */
  readonly url: string | undefined;
  /** The name or address that is listened on. */
  readonly host: string;
  /** Further names of this server, in lower case. */
  readonly hosts: readonly string[];
  /** Origins besides the server's own whose pages may connect. */
  readonly origins: readonly string[];
  /** Names of the certificate; undefined when the server does not speak HTTPS itself. */
  readonly certificateNames: readonly string[] | undefined;
}

const FOREIGN = "Origin not allowed: the page belongs to another site";
const UNKNOWN =
  "Origin not allowed: the server is not known by the name in this page's address. Its operator sets --url to the " +
  "address that people use, or --hosts to further names";

/** The server's names. All answers are for one set of settings. */
export class OwnNames {
  readonly #origins: ReadonlySet<string>;
  readonly #publicUrl: URL | undefined;
  /** Names that were told, in lower case. */
  readonly #told: ReadonlySet<string>;
  readonly #certificateNames: readonly string[] | undefined;

  constructor({ url, host, hosts, origins, certificateNames }: NameSettings) {
    this.#origins = new Set(origins);
    this.#publicUrl = url === undefined ? undefined : new URL(url);
    this.#certificateNames = certificateNames;
    const alwaysTold = [...hosts, ...origins.map((origin) => bareName(new URL(origin).host))];
    this.#told = new Set(
      this.#publicUrl
        ? [...alwaysTold, bareName(this.#publicUrl.host)]
        : [...alwaysTold, host.toLowerCase(), ...(certificateNames ?? []).map((name) => name.toLowerCase())],
    );
  }

  /**
   * Whether the host that a request names is this server. With a public address that is its host and those that were
   * told; without one, also loopback names, addresses and the names of the certificate.
   */
  knows(request: Request): boolean {
    return this.#knowsName(bareName(hostOf(request)));
  }

  /** Whether the request comes from this server's own pages or an allowed origin. */
  allowsOrigin(request: Request): boolean {
    const origin = request.headers.get("origin");
    if (origin === null) return false;
    if (this.#origins.has(origin)) return true;
    if (this.#certificateNames && !origin.startsWith("https:")) return false;
    if (origin === this.#publicUrl?.origin) return true;
    const host = hostOf(request);
    if (!isOriginOf(origin, host)) return false;
    const name = bareName(host);
    // Of the public address, port and scheme are known, too, and so it is not any origin with its name.
    return this.#knowsName(name) && name !== (this.#publicUrl && bareName(this.#publicUrl.host));
  }

  /** Throws ChatError permission_denied, with what to do, unless the request comes from an allowed page. */
  demandOrigin(request: Request): void {
    if (this.allowsOrigin(request)) return;
    const origin = request.headers.get("origin");
    const renamed = origin !== null && isOriginOf(origin, hostOf(request)) && !this.knows(request);
    throw new ChatError(Code.PERMISSION_DENIED, renamed ? UNKNOWN : FOREIGN);
  }

  /** Whether the browser reaches the server by HTTPS, whoever speaks it. */
  isSecure(request: Request): boolean {
    return this.#certificateNames !== undefined || this.#publicUrl?.protocol === "https:" ||
      (request.headers.get("origin")?.startsWith("https:") ?? false);
  }

  #knowsName(name: string): boolean {
    if (this.#told.has(name)) return true;
    if (this.#publicUrl) return false;
    return name === "localhost" || name.endsWith(".localhost") || IpAddress.parse(name) !== undefined ||
      namesHost(this.#certificateNames ?? [], name);
  }
}

/** Whether one of a certificate's names, `*.example.com` among them, is that of the host (RFC 6125, section 6.4.3). */
export function namesHost(names: readonly string[], host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  const dot = bare.indexOf(".");
  const above = dot < 0 ? bare : `*${bare.slice(dot)}`;
  return names.some((name) => [bare, above].includes(name.toLowerCase()));
}

/** The host that a request names, with its port. */
function hostOf(request: Request): string {
  // In HTTP/2 it stands in :authority alone (RFC 9113, section 8.3.1), which the runtime puts into the URL.
  return request.headers.get("host") ?? new URL(request.url).host;
}

/** A host without port and brackets, in lower case. */
function bareName(host: string): string {
  const end = host.startsWith("[") ? host.indexOf("]") : host.indexOf(":");
  return host.slice(host.startsWith("[") ? 1 : 0, end < 0 ? undefined : end).toLowerCase();
}

/** Letter by letter: browsers send both from the same address. */
function isOriginOf(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
