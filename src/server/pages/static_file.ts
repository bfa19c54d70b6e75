import { elementsOf } from "../requests/list_header.ts";
import { textResponse } from "../requests/response.ts";

/** A file's bytes, as they are and compressed. */
export interface Encodings {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly brotli?: Uint8Array<ArrayBuffer> | undefined;
  readonly gzip?: Uint8Array<ArrayBuffer> | undefined;
}

/** A file in memory, handed out by GET and HEAD with an `ETag`, in the best encoding that the peer accepts. */
export class StaticFile {
  readonly #encodings: Encodings;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #etag: string;

  private constructor(encodings: Encodings, headers: Readonly<Record<string, string>>, etag: string) {
    this.#encodings = encodings;
    this.#headers = headers;
    this.#etag = etag;
  }

  /** `headers` go with every response. */
  static async of(encodings: Encodings, headers: Readonly<Record<string, string>>): Promise<StaticFile> {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encodings.plain));
    const etag = digest.toBase64({ alphabet: "base64url", omitPadding: true }).slice(0, 22);
    return new StaticFile(encodings, headers, etag);
  }

  respond(request: Request, more: Readonly<Record<string, string>> = {}): Response {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return textResponse("Method not allowed\n", { status: 405 });
    }
    const { encoding, body } = encoded(this.#encodings, elementsOf(request.headers.get("accept-encoding")));
    const etag = `"${this.#etag}${encoding && `-${encoding}`}"`;
    const headers: Record<string, string> = { ...this.#headers, ...more, etag };
    if (matches(request.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    if (encoding) headers["content-encoding"] = encoding;
    return new Response(body, { headers });
  }
}

function encoded(
  { plain, brotli, gzip }: Encodings,
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
