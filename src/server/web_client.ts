/** The web client as the server hands it out: a fixed map of files, made by `deno task web`. @module */
import { elementsOf } from "./list_header.ts";
import { pageHeaders, textResponse } from "./response.ts";

/** The files, by their path below the server's address; the page itself is "index.html". */
export type WebFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

interface Asset {
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer> | undefined;
  readonly gzip: Uint8Array<ArrayBuffer> | undefined;
}

const PAGE = "index.html";
const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
};

/** Scripts, styles and sockets of this server and nothing else; text never becomes markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "vary": "accept-encoding",
  "x-content-type-options": "nosniff",
};

/** Files below assets/ are named by their contents, so they are good for ever; the page is asked for anew. */
const FOR_EVER = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

export class WebClient {
  readonly #assets = new Map<string, Asset>();

  private constructor() {}

  /** Takes the files in; compressed ones lie beside the plain ones, as name.br and name.gz. */
  static async of(files: WebFiles): Promise<WebClient> {
    const client = new WebClient();
    for (const [path, plain] of files) {
      const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
      if (type === undefined) continue;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", plain));
      client.#assets.set(path === PAGE ? "" : path, {
        headers: {
          ...HEADERS,
          "content-type": type,
          "cache-control": path.startsWith("assets/") ? FOR_EVER : ASK_AGAIN,
        },
        etag: digest.toBase64({ alphabet: "base64url", omitPadding: true }).slice(0, 22),
        plain,
        brotli: files.get(`${path}.br`),
        gzip: files.get(`${path}.gz`),
      });
    }
    return client;
  }

  /** Whether there is a page. */
  get built(): boolean {
    return this.#assets.has("");
  }

  /** The file with this path; undefined when there is none. */
  respond(request: Request, pathname: string): Response | undefined {
    const asset = this.#assets.get(pathname.slice(1));
    if (!asset) return undefined;
    if (request.method !== "GET" && request.method !== "HEAD") {
      return textResponse("Method not allowed\n", { status: 405 });
    }
    const { encoding, body } = encoded(asset, elementsOf(request.headers.get("accept-encoding")));
    const etag = `"${asset.etag}${encoding && `-${encoding}`}"`;
    const headers: Record<string, string> = {
      ...asset.headers,
      ...(asset === this.#assets.get("") ? pageHeaders(request) : {}),
      etag,
    };
    if (matches(request.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    if (encoding) headers["content-encoding"] = encoding;
    return new Response(body, { headers });
  }
}

function encoded(
  { plain, brotli, gzip }: Asset,
  accepted: readonly string[],
): { encoding: "" | "br" | "gzip"; body: Uint8Array<ArrayBuffer> } {
  if (brotli && accepts(accepted, "br")) return { encoding: "br", body: brotli };
  if (gzip && accepts(accepted, "gzip")) return { encoding: "gzip", body: gzip };
  return { encoding: "", body: plain };
}

function accepts(accepted: readonly string[], encoding: string): boolean {
  return accepted.some((element) => {
    const [name, ...parameters] = element.split(";").map((text) => text.trim().toLowerCase());
    return name === encoding && !parameters.some((text) => /^q=0(\.0*)?$/.test(text));
  });
}

// Proxies that compress mark the tag as weak; for a GET that is good enough (RFC 9110, section 13.1.2).
function matches(header: string | null, etag: string): boolean {
  return elementsOf(header).some((tag) => tag.replace(/^W\//, "") === etag);
}
