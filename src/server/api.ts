/** POST /api/v1/<Command>: one command in one request, by the same dispatcher as the socket's. @module */
import type { Chat } from "../chat/chat.ts";
import type { CommandBody } from "../chat/command.ts";
import { ChatError, Code } from "../chat/error.ts";
import type { Limits } from "../chat/limits.ts";
import type { Principal } from "../chat/model.ts";
import type { Result } from "../chat/reply.ts";
import { Format, formatOfMediaType } from "../wire/format.ts";
import { decodeCommand } from "../wire/server_codec.ts";
import { clearedCookies, credentialsOf, sessionCookie } from "./credentials.ts";
import { originAllowed } from "./origin.ts";
import { refusal, resultResponse } from "./response.ts";

export interface ApiOptions {
  readonly chat: Chat;
  readonly limits: Limits;
  /** Origins besides the server's own. */
  readonly origins: readonly string[];
  /** Who holds a token that came from this address. */
  authenticate(token: string, peer: string): Principal | undefined;
}

interface Call {
  readonly request: Request;
  readonly name: string;
  /** Address that is throttled. */
  readonly address: string;
  /** Address that the request's socket has. */
  readonly peer: string;
}

/** Answers one request. Never rejects. */
export async function handleApi(call: Call, options: ApiOptions): Promise<Response> {
  const format = formatOfMediaType(call.request.headers.get("content-type") ?? "");
  try {
    return await answer(call, format, options);
  } catch (error) {
    if (error instanceof ChatError) return refusal(error, format ?? Format.JSON);
    // The request broke off; there is nobody to tell.
    return refusal(new ChatError(Code.INVALID_ARGUMENT, "The request's body could not be read"), Format.JSON);
  }
}

async function answer(call: Call, format: Format | undefined, options: ApiOptions): Promise<Response> {
  const { request, name, address } = call;
  if (request.method !== "POST") {
    throw new ChatError(Code.INVALID_ARGUMENT, "Method not allowed: send commands by POST");
  }
  if (format === undefined) {
    throw new ChatError(
      Code.INVALID_ARGUMENT,
      "Content type not known: use application/json or application/protobuf",
    );
  }
  const principal = authenticated(call, options);
  const bytes = await readBody(request, options.limits.frameBytes);
  const body = decodeCommand(name, format === Format.JSON ? decodeText(bytes) : bytes);
  if (!body) throw new ChatError(Code.NOT_FOUND, "No such command");
  const key = request.headers.get("idempotency-key") ?? "";
  const result = await options.chat.execute(
    { id: 0, key, body },
    principal ? { principal, address } : { address },
  );
  return withCookies(request, { body, result, format });
}

/** The caller, if the request carries a token; a cookie counts only from an allowed page. */
function authenticated({ request, peer }: Call, options: ApiOptions): Principal | undefined {
  const credentials = credentialsOf(request);
  const browser = request.headers.has("origin");
  if ((credentials?.ambient || browser) && !originAllowed(request, options.origins)) {
    throw new ChatError(Code.PERMISSION_DENIED, "Origin not allowed: the request comes from another site");
  }
  if (!credentials) return undefined;
  const principal = options.authenticate(credentials.token, peer);
  // A cookie of an ended session must not keep the browser from logging in again.
  if (!principal && !credentials.ambient) {
    throw new ChatError(Code.UNAUTHENTICATED, "The session has ended: log in again");
  }
  return principal;
}

function withCookies(
  request: Request,
  { body, result, format }: { body: CommandBody; result: Result; format: Format },
): Response {
  const wantsCookie = (body.case === "login" || body.case === "register") && body.value.cookie;
  if (wantsCookie && result.case === "sessionToken" && request.headers.has("origin")) {
    const { token, ...value } = result.value;
    const response = resultResponse({ case: "sessionToken", value: { ...value, token: "" } }, format);
    response.headers.append("set-cookie", sessionCookie(request, token));
    return response;
  }
  const response = resultResponse(result, format);
  if (body.case === "logout") {
    for (const cookie of clearedCookies()) response.headers.append("set-cookie", cookie);
  }
  return response;
}

async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bytesMax) {
      throw new ChatError(Code.INVALID_ARGUMENT, `Request too large: at most ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ChatError(Code.INVALID_ARGUMENT, "Body not valid: it is not UTF-8");
  }
}
