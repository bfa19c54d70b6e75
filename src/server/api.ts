/** POST /api/v1/<Command>: one command in one request, by the same dispatcher as the socket's. @module */
import type { Chat } from "../chat/chat.ts";
import type { CommandBody } from "../chat/command.ts";
import { ChatError, Code } from "../chat/error.ts";
import type { Limits } from "../chat/limits.ts";
import type { Principal } from "../chat/model.ts";
import type { Result } from "../chat/reply.ts";
import { Format, formatOfMediaType } from "../wire/format.ts";
import { decodeCommand, encodeResult } from "../wire/server_codec.ts";
import { readBody } from "./body.ts";
import { ALLOW, preflight, readableByPage } from "./cors.ts";
import { clearedCookies, credentialsOf, sessionCookie } from "./credentials.ts";
import { originAllowed } from "./origin.ts";
import { Rates } from "./rates.ts";
import { HttpRefusal, refusal, resultResponse } from "./response.ts";
import { Untaken } from "./untaken.ts";

export interface ApiOptions {
  readonly chat: Chat;
  readonly limits: Limits;
  /** Origins besides the server's own. */
  readonly origins: readonly string[];
  /** Who holds a token that came from this address. */
  authenticate(token: string, peer: string): Principal | undefined;
  /** Which addresses count as one visitor. */
  addressGroup(address: string): string;
}

interface Call {
  readonly request: Request;
  readonly name: string;
  /** Address that is throttled. */
  readonly address: string;
  /** Address that the request's socket has. */
  readonly peer: string;
  /** Settles when the answer is on its way, or the peer is gone. */
  readonly completed: Promise<void>;
}

export class Api {
  #options: ApiOptions;
  #sessions: Rates<number>;
  #addresses: Rates<string>;
  readonly #untaken: Untaken;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#sessions = new Rates(rateOf(options.limits));
    this.#addresses = new Rates(rateOf(options.limits));
    this.#untaken = new Untaken(options.limits.unsentBytes);
  }

  /** Other settings from the next request on; with another rate everybody begins with a full burst. */
  configure(settings: Pick<ApiOptions, "limits" | "origins">): void {
    const [before, now] = [rateOf(this.#options.limits), rateOf(settings.limits)];
    this.#options = { ...this.#options, ...settings };
    if (before.perSecond === now.perSecond && before.burst === now.burst) return;
    this.#sessions = new Rates(now);
    this.#addresses = new Rates(now);
  }

  /** Answers one request. Never rejects. */
  async answer(call: Call): Promise<Response> {
    const { request } = call;
    const format = formatOfMediaType(request.headers.get("content-type") ?? "");
    const response = await this.#answer(call, format).catch((error: unknown) => {
      if (error instanceof ChatError) return refusal(error, format ?? Format.JSON);
      // The request broke off; there is nobody to tell.
      return refusal(
        new ChatError(Code.INVALID_ARGUMENT, "The request's body could not be read"),
        Format.JSON,
      );
    });
    return readableByPage(response, request, this.#options.origins);
  }

  async #answer(call: Call, format: Format | undefined): Promise<Response> {
    const { request, name, address, completed } = call;
    const { chat, limits, origins } = this.#options;
    if (request.method === "OPTIONS") return preflight(request, origins);
    if (request.method !== "POST") {
      throw new HttpRefusal(
        { status: 405, headers: { allow: ALLOW } },
        [Code.INVALID_ARGUMENT, "Method not allowed: send commands by POST"],
      );
    }
    if (format === undefined) {
      throw new ChatError(
        Code.INVALID_ARGUMENT,
        "Content type not known: use application/json or application/protobuf",
      );
    }
    const encoding = request.headers.get("content-encoding");
    if (encoding !== null && encoding.toLowerCase() !== "identity") {
      throw new HttpRefusal(
        { status: 415, headers: { "accept-encoding": "identity" } },
        [Code.INVALID_ARGUMENT, "Content encoding not known: send the body as it is"],
      );
    }
    const principal = this.#admitted(call);
    const bytes = await readBody(request, limits);
    const body = decodeCommand(name, format === Format.JSON ? decodeText(bytes) : bytes);
    if (!body) throw new ChatError(Code.INVALID_ARGUMENT, "Command not known to this server");
    const key = request.headers.get("idempotency-key") ?? "";
    const result = await chat.execute(
      { id: 0, key, body },
      principal ? { principal, address } : { address },
    );
    const cookies = withCookies(request, { body, result, format });
    if (cookies) return cookies;
    const answer = encodeResult(result, format);
    const sent = principal ? this.#untaken.bodyOf(answer, { userId: principal.userId, completed }) : answer;
    return resultResponse(result, format, sent);
  }

  /**
   * The caller, if the request carries a token, within the caller's rate; a
   * cookie counts only from an allowed page.
   */
  #admitted({ request, address, peer }: Call): Principal | undefined {
    const credentials = credentialsOf(request);
    const browser = request.headers.has("origin");
    if ((credentials?.ambient || browser) && !originAllowed(request, this.#options.origins)) {
      throw new ChatError(
        Code.PERMISSION_DENIED,
        "Origin not allowed: the request comes from another site",
      );
    }
    const principal = credentials && this.#options.authenticate(credentials.token, peer);
    const now = performance.now();
    if (!principal) this.#addresses.admit(this.#options.addressGroup(address), now);
    // The operator, who has no session, owns the machine.
    else if (principal.sessionId !== 0) this.#sessions.admit(principal.sessionId, now);
    // A cookie of an ended session must not keep the browser from logging in again.
    if (credentials && !principal && !credentials.ambient) {
      throw new ChatError(Code.UNAUTHENTICATED, "The session has ended: log in again");
    }
    return principal;
  }
}

function rateOf({ commandsPerSecond, commandBurst }: Limits): { perSecond: number; burst: number } {
  return { perSecond: commandsPerSecond, burst: commandBurst };
}

/** The answer that gives a browser its cookie, or takes it away; undefined for any other. */
function withCookies(
  request: Request,
  { body, result, format }: { body: CommandBody; result: Result; format: Format },
): Response | undefined {
  const wantsCookie = (body.case === "login" || body.case === "register") && body.value.cookie;
  if (wantsCookie && result.case === "sessionToken" && request.headers.has("origin")) {
    const { token, ...value } = result.value;
    const response = resultResponse({ case: "sessionToken", value: { ...value, token: "" } }, format);
    response.headers.append("set-cookie", sessionCookie(request, token));
    return response;
  }
  if (body.case !== "logout") return undefined;
  const response = resultResponse(result, format);
  for (const cookie of clearedCookies()) response.headers.append("set-cookie", cookie);
  return response;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ChatError(Code.INVALID_ARGUMENT, "Body not valid: it is not UTF-8");
  }
}
