/** The web client as the server hands it out: a fixed map of files, made by `deno task web`. @module */
import { pageHeaders } from "../requests/response.ts";
import { StaticFile } from "./static_file.ts";

/** The files, by their path below the server's address; the page itself is "index.html". */
export type WebFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

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
  readonly #files = new Map<string, StaticFile>();

  private constructor() {}

  /** Takes the files in; compressed ones lie beside the plain ones, as name.br and name.gz. */
  static async of(files: WebFiles): Promise<WebClient> {
    const client = new WebClient();
    for (const [path, plain] of files) {
      const type = TYPES[path.slice(path.lastIndexOf(".") + 1)];
      if (type === undefined) continue;
      const cached = path.startsWith("assets/") ? FOR_EVER : ASK_AGAIN;
      client.#files.set(
        path === PAGE ? "" : path,
        await StaticFile.of(
          { plain, brotli: files.get(`${path}.br`), gzip: files.get(`${path}.gz`) },
          { ...HEADERS, "content-type": type, "cache-control": cached },
        ),
      );
    }
    return client;
  }

  /** Whether there is a page. */
  get built(): boolean {
    return this.#files.has("");
  }

  /** The file with this path; undefined when there is none. */
  respond(request: Request, pathname: string): Response | undefined {
    const file = this.#files.get(pathname.slice(1));
    return file?.respond(request, file === this.#files.get("") ? pageHeaders(request) : {});
  }
}
