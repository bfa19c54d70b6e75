/** POST /api/v1/<Command>: one command in one request, by the same dispatcher as the socket's. @module */
import type { Chat } from "../../chat/chat.ts";
import type { CommandBody } from "../../chat/command.ts";
import { ChatError, Code, sessionEnded } from "../../chat/error.ts";
import type { Limits } from "../../chat/limits.ts";
import type { Principal } from "../../chat/model.ts";
import type { Log } from "../../chat/ports.ts";
import type { Result } from "../../chat/reply.ts";
import { Format, formatOfMediaType } from "../../wire/format.ts";
import { decodeCommand, encodeResult } from "../../wire/server_codec.ts";
import { readBody } from "./body.ts";
import { type Budget, tooManyCommands, unitsOf } from "../admission/budget.ts";
import type { Budgets } from "../admission/budgets.ts";
import { ALLOW, preflight, readableByPage } from "./cors.ts";
import { callerOf, type Door } from "../admission/credentials.ts";
import { HttpRefusal, refusal, resultResponse, withRequestId } from "./response.ts";
import type { Traffic } from "../traffic.ts";
import { unknownFieldsOf } from "./unknown_fields.ts";
import { PendingResponses } from "./pending_responses.ts";
import type { RequestContext } from "./request_context.ts";

export interface ApiOptions extends Door {
  readonly chat: Chat;
  readonly limits: Limits;
  readonly log: Log;
  readonly traffic: Traffic;
  readonly users: Budgets<number>;
  readonly addresses: Budgets<string>;
  /** Which addresses count as one visitor. */
  addressGroup(address: string): string;
}

export class Api {
  #options: ApiOptions;
  readonly #pendingResponses: PendingResponses;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#pendingResponses = new PendingResponses(options.limits.unsentBytes);
  }

  /** Other settings from the next request on. */
  configure(settings: Pick<ApiOptions, "limits" | "names">): void {
    this.#options = { ...this.#options, ...settings };
  }

  /** Answers a request for the command of this name. Never rejects. */
  async answer(context: RequestContext, name: string): Promise<Response> {
    const format = formatOf(context);
    const response = await this.#answer(context, name, format).catch((error: unknown) => {
      const refused = error instanceof ChatError ? error : this.#failed(error, context);
      this.#options.traffic.commandsRefused[refused.code]!++;
      return refusal(refused, format ?? Format.JSON, context.id);
    });
    return readableByPage(response, context.request, this.#options.names);
  }

  /** Refuses whatever the request asks for. */
  refuse(context: RequestContext, error: ChatError): Response {
    const response = refusal(error, formatOf(context) ?? Format.JSON, context.id);
    return readableByPage(response, context.request, this.#options.names);
  }

  #failed(error: unknown, { id }: RequestContext): ChatError {
    this.#options.log.report("request_failed", { request: id, error });
    return new ChatError(Code.INTERNAL, "The server could not do this: its log says why");
  }

  async #answer(context: RequestContext, name: string, format: Format | undefined): Promise<Response> {
    const { request, address, id, completed } = context;
    const { chat, limits, names } = this.#options;
    if (request.method === "OPTIONS") return preflight(request, names);
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
    const { principal, meter } = this.#admitted(context);
    const frameBytes = principal ? limits.frameBytes : Math.min(limits.strangerBodyBytes, limits.frameBytes);
    const bytes = await readBody(request, { ...limits, frameBytes });
    this.#payFor(bytes.byteLength, meter);
    const data = format === Format.JSON ? decodeText(bytes) : bytes;
    const body = decodeCommand(name, data, { unknownFields: unknownFieldsOf(request) });
    const key = request.headers.get("idempotency-key") ?? "";
    const executed = await chat.execute(
      { id: 0, key, body: this.#withDevice(body, request) },
      { address, trace: { request: id }, meter, ...(principal && { principal }) },
    );
    const result = withRequestId(executed, id);
    const withCookies = this.#withCookies(request, { body, result, format });
    if (withCookies) return withCookies;
    const answer = encodeResult(result, format);
    const sent = principal
      ? this.#pendingResponses.bodyOf(answer, { userId: principal.userId, completed })
      : answer;
    return resultResponse(result, format, sent);
  }

  /**
   * The caller, if the request carries a token, with the budget that pays, from which a command is taken; a cookie
   * counts only from an allowed page. The operator, who has no session, owns the machine and pays nothing.
   */
  #admitted(context: RequestContext): { principal: Principal | undefined; meter: Budget | undefined } {
    const { address, operator } = context;
    const { credentials, principal } = callerOf(context, this.#options);
    // Nobody else has anything to ask there, and strangers are counted by their addresses.
    if (operator && !principal) throw sessionEnded();
    if (principal && principal.sessionId !== 0) context.user = principal.userId;
    const now = performance.now();
    const { users, addresses, addressGroup } = this.#options;
    let meter: Budget | undefined;
    if (!principal) meter = addresses.of(addressGroup(address), now);
    else if (principal.sessionId !== 0) meter = users.of(principal.userId, now);
    const waitMs = meter?.take(1, now) ?? 0;
    if (waitMs > 0) {
      this.#options.traffic.limited.http_commands++;
      throw tooManyCommands(waitMs);
    }
    // A cookie of an ended session must not keep the browser from logging in again.
    if (credentials && !principal && !credentials.ambient) {
      throw sessionEnded();
    }
    return { principal, meter };
  }

  /**
   * Charges a body before it is read, readable or not. Others may have been paid for since the request was admitted, by
   * its head: what is owed then keeps a body that costs more from being read. Throws ChatError resource_exhausted.
   */
  #payFor(bytes: number, meter: Budget | undefined): void {
    const units = unitsOf(bytes, 1);
    if (!meter || units === 0) return;
    const now = performance.now();
    if (meter.owes(now)) {
      this.#options.traffic.limited.http_commands++;
      throw tooManyCommands(meter.waitMs(now));
    }
    meter.charge(units);
  }

  /** The command, with the credential of the browser's device when it is the login of a browser. */
  #withDevice(body: CommandBody, request: Request): CommandBody {
    if (body.case !== "login" || !body.value.cookie || body.value.deviceCredential !== "") return body;
    const { names, cookies } = this.#options;
    const deviceCredential = cookies.device.valueIn(request, { secure: names.isSecure(request) });
    return deviceCredential === undefined
      ? body
      : { case: "login", value: { ...body.value, deviceCredential } };
  }

  /** The answer that gives a browser its cookies, or takes its session away; undefined for any other. */
  #withCookies(
    request: Request,
    { body, result, format }: { body: CommandBody; result: Result; format: Format },
  ): Response | undefined {
    const { names, cookies: { session, device } } = this.#options;
    const wantsCookie = (body.case === "login" || body.case === "register") && body.value.cookie;
    if (wantsCookie && result.case === "sessionToken" && request.headers.has("origin")) {
      const { token, deviceCredential, ...value } = result.value;
      const hidden = { ...value, token: "", deviceCredential: "" };
      const response = resultResponse({ case: "sessionToken", value: hidden }, format);
      const secure = names.isSecure(request);
      response.headers.append("set-cookie", session.set(token, { secure }));
      response.headers.append("set-cookie", device.set(deviceCredential, { secure }));
      return response;
    }
    if (body.case !== "logout") return undefined;
    const response = resultResponse(result, format);
    for (const cookie of session.cleared()) response.headers.append("set-cookie", cookie);
    return response;
  }
}

function formatOf({ request }: RequestContext): Format | undefined {
  return formatOfMediaType(request.headers.get("content-type") ?? "");
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ChatError(Code.INVALID_ARGUMENT, "Body not valid: it is not UTF-8");
  }
}
