/**
 * What pages of other origins may do by fetch (https://fetch.spec.whatwg.org/#http-cors-protocol):
 * those of configured origins what the server's own may, all others nothing.
 *
 * @module
 */
import { UNKNOWN_FIELDS_HEADER } from "../../wire/format.ts";
import type { OwnNames } from "../admission/own_names.ts";
import { textResponse } from "./response.ts";
import { REQUEST_ID } from "./request_context.ts";

/** Methods that a command's address knows. */
export const ALLOW = "POST, OPTIONS";

const HEADERS = `authorization, content-type, idempotency-key, ${UNKNOWN_FIELDS_HEADER}`;
/** Browsers keep an answer for two hours at most. */
const MAX_AGE_S = 7200;

/** Answers a browser that asks before it sends a page's request. */
export function preflight(request: Request, names: OwnNames): Response {
  if (request.headers.has("origin")) names.demandOrigin(request);
  const response = textResponse(null, { status: 204 });
  response.headers.set("allow", ALLOW);
  response.headers.set("access-control-allow-methods", "POST");
  response.headers.set("access-control-allow-headers", HEADERS);
  response.headers.set("access-control-max-age", String(MAX_AGE_S));
  return response;
}

/** Lets the page that asked read the response, if it may. */
export function readableByPage(response: Response, request: Request, names: OwnNames): Response {
  const { headers } = response;
  headers.append("vary", "origin");
  if (names.allowsOrigin(request)) {
    headers.set("access-control-allow-origin", request.headers.get("origin")!);
    headers.set("access-control-allow-credentials", "true");
    headers.set("access-control-expose-headers", `retry-after, ${REQUEST_ID}`);
  }
  return response;
}
