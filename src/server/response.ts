/** Responses with the headers that every one of them carries. @module */
import { ChatError, Code } from "../chat/error.ts";
import { type Format, MEDIA_TYPES } from "../wire/format.ts";
import { encodeResult } from "../wire/server_codec.ts";
import type { Result } from "../chat/reply.ts";

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
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

/** A command's result; an error tells which request it was. */
export function resultResponse(result: Result, format: Format, requestId: string): Response {
  const headers = new Headers({ ...HEADERS, "content-type": MEDIA_TYPES[format] });
  let status = 200;
  let body = result;
  if (result.case === "error") {
    body = { case: "error", value: { ...result.value, requestId } };
    status = STATUS[result.value.code] ?? 500;
    const { retryAfterMs } = result.value;
    if (retryAfterMs > 0) headers.set("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  }
  return new Response(encodeResult(body, format), { status, headers });
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
  const result: Result = { case: "error", value: { code, message, retryAfterMs } };
  const response = resultResponse(result, format, requestId);
  if (!(error instanceof HttpRefusal)) return response;
  const { status, headers } = error;
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return new Response(response.body, { status, headers: response.headers });
}
