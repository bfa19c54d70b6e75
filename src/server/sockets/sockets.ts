/**
 * GET /api/v1/socket: from a request to a WebSocket. Who it is, from where it
 * comes and whether there is room is settled before the socket exists, since
 * Deno's sockets cannot be bounded or dropped afterwards.
 *
 * @module
 */
import { ChatError, Code } from "../../chat/error.ts";
import type { Principal } from "../../chat/model.ts";
import type { Log } from "../../chat/ports.ts";
import { Format, SUBPROTOCOLS } from "../../wire/format.ts";
import { Admission, type AdmissionOptions, type Place } from "../admission/admission.ts";
import { preflight, readableByPage } from "../requests/cors.ts";
import { callerOf, type Door, protocolsOf } from "../admission/credentials.ts";
import { refusal, resultResponse } from "../requests/response.ts";
import { SendBudget } from "./send_budget.ts";
import { Socket } from "./socket.ts";
import { TalliedSocket } from "./tallied_socket.ts";
import { unknownFieldsOf } from "../requests/unknown_fields.ts";
import type { RequestContext } from "../requests/request_context.ts";

const PROTOCOLS = "sec-websocket-protocol";

export interface UpgradeOptions extends Door, AdmissionOptions {
  readonly log: Log;
}

/** All sockets of the server. */
export class Sockets {
  #options: UpgradeOptions;
  readonly #open = new Set<Socket>();
  readonly #admission: Admission;
  readonly #sendBudget: SendBudget;
  #onEmpty: (() => void) | undefined;
  /** Number of the newest connection. */
  #last = 0;

  constructor(options: UpgradeOptions) {
    this.#options = options;
    this.#admission = new Admission(options);
    this.#sendBudget = new SendBudget(options.limits);
  }

  /** Other settings for the connections from now on; those that are there keep the sizes that they were told. */
  configure(settings: Pick<UpgradeOptions, "limits" | "names">): void {
    this.#options = { ...this.#options, ...settings };
    this.#admission.limits = settings.limits;
  }

  /** Sockets that the runtime holds, those that are closing included. */
  get size(): number {
    return this.#open.size;
  }

  /** Bytes that wait unsent for all of them, as they were looked at last. */
  get unsentBytes(): number {
    return this.#sendBudget.used;
  }

  /** Resolves when every socket is gone. */
  async empty(): Promise<void> {
    if (this.size > 0) await new Promise<void>((resolve) => this.#onEmpty = resolve);
  }

  /** Answers a handshake: with the upgrade, or with the refusal. */
  upgrade(context: RequestContext): Response {
    try {
      const { request, address } = context;
      const { headers } = request;
      // Deno itself does not look at the version (RFC 6455, section 4.2.1).
      if (
        headers.get("upgrade")?.toLowerCase() !== "websocket" || headers.get("sec-websocket-version") !== "13"
      ) {
        throw new ChatError(Code.INVALID_ARGUMENT, "Not a WebSocket handshake of version 13");
      }
      const format = this.#formatOf(request);
      const principal = this.#authenticated(context);
      const place = this.#admission.admit(principal, address);
      try {
        return this.#accept(context, { format, principal, place });
      } catch (error) {
        place.giveUp();
        throw error;
      }
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#options.traffic.refused[error.code]!++;
      return refusal(error, Format.JSON, context.id);
    }
  }

  /**
   * Tells what a handshake would come to now, and opens nothing: browsers keep it from their pages what a handshake
   * was answered (https://websockets.spec.whatwg.org/#feedback-from-the-protocol).
   */
  ask(context: RequestContext): Response {
    const { request, address } = context;
    const { names } = this.#options;
    let response: Response;
    try {
      if (request.method === "OPTIONS") response = preflight(request, names);
      else {
        this.#admission.ask(this.#authenticated(context), address);
        response = resultResponse({ case: "done", value: {} }, Format.JSON);
      }
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      response = refusal(error, Format.JSON, context.id);
    }
    return readableByPage(response, request, names);
  }

  /** Ends connections whose peers are silent or read nothing. */
  sweep(): void {
    const now = performance.now();
    for (const socket of this.#open) socket.sweep(now);
  }

  #formatOf(request: Request): Format {
    const format = SUBPROTOCOLS.findIndex((protocol) => protocolsOf(request).includes(protocol));
    if (format === -1) {
      throw new ChatError(Code.INVALID_ARGUMENT, `Subprotocol missing: offer ${SUBPROTOCOLS.join(" or ")}`);
    }
    return format as Format;
  }

  /** Whose session it is; a refusal counts as a command of the address. */
  #authenticated(context: RequestContext): Principal {
    try {
      return this.#principalOf(context);
    } catch (error) {
      this.#admission.stranger(context.address);
      throw error;
    }
  }

  #principalOf(context: RequestContext): Principal {
    const { principal } = callerOf(context, this.#options);
    if (!principal || principal.sessionId === 0) {
      throw new ChatError(Code.UNAUTHENTICATED, "No session: log in first");
    }
    context.user = principal.userId;
    this.#options.chat.seen(principal, context.address);
    return principal;
  }

  #accept(
    context: RequestContext,
    { format, principal, place }: {
      readonly format: Format;
      readonly principal: Principal;
      readonly place: Place;
    },
  ): Response {
    const unknownFields = unknownFieldsOf(context.request);
    const { socket: webSocket, response } = upgraded(context.request, SUBPROTOCOLS[format]);
    const { chat, limits, log, traffic } = this.#options;
    traffic.upgrades++;
    // Most connections are counted by nobody.
    const Kind = log.reports("connection_closed") ? TalliedSocket : Socket;
    const socket: Socket = new Kind({
      socket: webSocket,
      trace: { connection: ++this.#last, request: context.id },
      format,
      unknownFields,
      principal,
      address: context.address,
      chat,
      limits,
      budget: place.budget,
      log,
      traffic,
      sendBudget: this.#sendBudget,
      onOpen: place.leaveUser,
      onGone: () => {
        this.#open.delete(socket);
        place.giveUp();
        if (this.size === 0) this.#onEmpty?.();
      },
    });
    this.#open.add(socket);
    return response;
  }
}

function upgraded(request: Request, protocol: string): Deno.WebSocketUpgrade {
  try {
    // A blocked isolate would let every ping fail at once; the sweep knows better.
    return Deno.upgradeWebSocket(withSpacedProtocols(request), { protocol, idleTimeout: 0 });
  } catch {
    // Deno refuses malformed handshakes by throwing.
    throw new ChatError(Code.INVALID_ARGUMENT, "Handshake not valid");
  }
}

/**
 * Deno takes the offered subprotocols apart at ", " alone, but the blank is optional (RFC 9110, section 5.6.1), and
 * common clients, such as the ws package, send none.
 */
function withSpacedProtocols(request: Request): Request {
  const offered = request.headers.get(PROTOCOLS) ?? "";
  const spaced = protocolsOf(request).join(", ");
  if (offered === spaced) return request;
  const headers = new Headers(request.headers);
  headers.set(PROTOCOLS, spaced);
  // Headers of a server's request cannot be changed, and only the server's own request can be upgraded.
  return Object.defineProperty(request, "headers", { value: headers });
}
