/** Responses with the headers that every one of them carries, and those of pages alone. @module */
import { ChatError, Code } from "../../chat/error.ts";
import { type Format, MEDIA_TYPES } from "../../wire/format.ts";
import { encodeResult } from "../../wire/server_codec.ts";
import type { Result } from "../../chat/reply.ts";

/** Of every response but those of the web client's files. */
export const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const PAGE_HEADERS = {
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "x-frame-options": "DENY",
};

/** HTTP status of each kind of refusal, after google.rpc.Code's mapping. */
const STATUS: Record<number, number> = {
  [Code.INVALID_ARGUMENT]: 400,
  [Code.UNAUTHENTICATED]: 401,
  [Code.PERMISSION_DENIED]: 403,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.FAILED_PRECONDITION]: 412,
  [Code.UNAVAILABLE]: 503,
  [Code.INTERNAL]: 500,
};

/** A response of text; null for one without a body. */
export function textResponse(body: string | null, init: { status?: number; type?: string } = {}): Response {
  const { status = 200, type = "text/plain; charset=utf-8" } = init;
  return new Response(body, { status, headers: { ...HEADERS, "content-type": type } });
}

/** A page of its own, for people. */
export function pageResponse(request: Request, html: string, status = 200): Response {
  const response = textResponse(html, { status, type: "text/html; charset=utf-8" });
  for (const [name, value] of Object.entries(pageHeaders(request))) response.headers.set(name, value);
  return response;
}

/** Headers for what a browser shows as a page; for files and answers they mean nothing. */
export function pageHeaders(request: Request): Record<string, string> {
  // Browsers take this one over encrypted connections only, and complain about it over others. They say
  // what they fetch for where nobody can listen, and only there; a proxy's word is not needed.
  const encrypted = request.headers.has("sec-fetch-mode");
  return encrypted ? { ...PAGE_HEADERS, "cross-origin-opener-policy": "same-origin" } : PAGE_HEADERS;
}

/** The result; an error tells which request it was. */
export function withRequestId(result: Result, requestId: string): Result {
  return result.case === "error" ? { case: "error", value: { ...result.value, requestId } } : result;
}

/** A command's result, with a body in which it is encoded. */
export function resultResponse(
  result: Result,
  format: Format,
  body: BodyInit = encodeResult(result, format),
): Response {
  const headers = new Headers({ ...HEADERS, "content-type": MEDIA_TYPES[format] });
  let status = 200;
  if (result.case === "error") {
    status = STATUS[result.value.code] ?? 500;
    const { retryAfterMs } = result.value;
    if (retryAfterMs > 0) headers.set("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  }
  return new Response(body, { status, headers });
}

/** A refusal for which HTTP has a status, and perhaps headers, of its own. */
export class HttpRefusal extends ChatError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    http: { readonly status: number; readonly headers?: Readonly<Record<string, string>> },
    [code, message]: readonly [code: Code, message: string],
  ) {
    super(code, message);
    this.status = http.status;
    this.headers = http.headers ?? {};
  }
}

/** A refusal as a response. */
export function refusal(error: ChatError, format: Format, requestId: string): Response {
  const { code, message, retryAfterMs } = error;
  const response = resultResponse(
    { case: "error", value: { code, message, retryAfterMs, requestId } },
    format,
  );
  if (!(error instanceof HttpRefusal)) return response;
  const { status, headers } = error;
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return new Response(response.body, { status, headers: response.headers });
}
