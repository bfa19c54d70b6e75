/**
 * What pages of other origins may do by fetch (https://fetch.spec.whatwg.org/#http-cors-protocol):
 * those of configured origins what the server's own may, all others nothing.
 *
 * @module
 */
import { Code } from "../chat/error.ts";
import { UNKNOWN_FIELDS_HEADER } from "../wire/format.ts";
import { originAllowed } from "./origin.ts";
import { HttpRefusal, textResponse } from "./response.ts";
import { REQUEST_ID } from "./visit.ts";

/** Methods that a command's address knows. */
export const ALLOW = "POST, OPTIONS";

const HEADERS = `authorization, content-type, idempotency-key, ${UNKNOWN_FIELDS_HEADER}`;
/** Browsers keep an answer for two hours at most. */
const MAX_AGE_S = 7200;

/** Answers a browser that asks before it sends a page's request. */
export function preflight(request: Request, origins: readonly string[]): Response {
  if (request.headers.has("origin") && !originAllowed(request, origins)) {
    throw new HttpRefusal({ status: 403 }, [
      Code.PERMISSION_DENIED,
      "Origin not allowed: the page belongs to another site",
    ]);
  }
  const response = textResponse(null, { status: 204 });
  response.headers.set("allow", ALLOW);
  response.headers.set("access-control-allow-methods", "POST");
  response.headers.set("access-control-allow-headers", HEADERS);
  response.headers.set("access-control-max-age", String(MAX_AGE_S));
  return response;
}

/** Lets the page that asked read the response, if it may. */
export function readableByPage(response: Response, request: Request, origins: readonly string[]): Response {
  const { headers } = response;
  headers.append("vary", "origin");
  if (originAllowed(request, origins)) {
    headers.set("access-control-allow-origin", request.headers.get("origin")!);
    headers.set("access-control-allow-credentials", "true");
    headers.set("access-control-expose-headers", `retry-after, ${REQUEST_ID}`);
  }
  return response;
}
