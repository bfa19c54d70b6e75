/**
 * The listener and its routes.
 *
 *     GET  /                  the web client; its files stand below /assets/
 *     GET  /healthz           the process answers
 *     GET  /readyz            commands are accepted and can be stored
 *     GET  /api/v1/socket     WebSocket
 *     POST /api/v1/<Command>  one command
 *
 * @module
 */
import type { Chat } from "../chat/chat.ts";
import type { Limits } from "../chat/limits.ts";
import type { Principal } from "../chat/model.ts";
import type { Log } from "../chat/ports.ts";
import { addressOf } from "./address.ts";
import { Api } from "./api.ts";
import { landingPage, notFound } from "./landing.ts";
import { Listener, within } from "./listener.ts";
import { type Failing, readinessResponse } from "./readiness.ts";
import { textResponse } from "./response.ts";
import { Traffic } from "./traffic.ts";
import { Sockets } from "./upgrade.ts";
import { methodOf, REQUEST_ID, RequestIds, routeOf, type Visit } from "./visit.ts";
import type { WebClient } from "./web_client.ts";

export interface ServerOptions {
  readonly chat: Chat;
  readonly limits: Limits;
  readonly log: Log;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly name: string;
  readonly version: string;
  readonly origins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly web: WebClient;
  authenticate(token: string, peer: string): Principal | undefined;
  /** Which addresses count as one visitor: the key of an address for counting. */
  addressGroup(address: string): string;
  /** What keeps commands from being taken and stored now; empty when nothing does. */
  failing(): readonly Failing[];
}

const API = "/api/v1/";
const SWEEP_MS = 10_000;

/** A listening server. */
export class Server {
  readonly traffic = new Traffic();
  readonly #options: ServerOptions;
  readonly #ids = new RequestIds();
  readonly #api: Api;
  readonly #sockets: Sockets;
  readonly #sweep: ReturnType<typeof setInterval>;
  readonly #listener: Listener;
  #draining = false;

  /** Listens at once. Throws Deno.errors.AddrInUse and its like. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.#api = new Api({ ...options, traffic: this.traffic });
    this.#sockets = new Sockets({ ...options, traffic: this.traffic });
    const { host, port, log } = options;
    this.#listener = new Listener({
      host,
      port,
      log,
      handle: (request, peer) => this.#answer(request, peer),
    });
    this.#sweep = setInterval(() => this.#sockets.sweep(), SWEEP_MS);
  }

  /** Port that it listens on. */
  get port(): number {
    return this.#listener.port;
  }

  /** WebSockets that the runtime holds, and the bytes that wait unsent in them. */
  get sockets(): { readonly size: number; readonly unsentBytes: number } {
    return this.#sockets;
  }

  /** What keeps the server from being ready, as /readyz tells it. */
  failing(): readonly Failing[] {
    const others = this.#options.failing();
    return this.#draining ? [{ check: "draining", reason: "The server is stopping" }, ...others] : others;
  }

  /** Refuses new sockets and commands from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** Waits until peers have taken what was sent to them, for a bounded time, then lets go of all of them. */
  async close(timeoutMs: number): Promise<void> {
    this.#draining = true;
    clearInterval(this.#sweep);
    const deadlineMs = performance.now() + timeoutMs;
    // Shutting down first would make Deno end the sockets with a close code of its own, 1001.
    await within(timeoutMs, this.#sockets.empty());
    await this.#listener.close(Math.max(0, deadlineMs - performance.now()));
  }

  #answer(request: Request, peer: string): Response | Promise<Response> {
    const { trustedProxies } = this.#options;
    const visit: Visit = {
      request,
      pathname: new URL(request.url).pathname,
      id: this.#ids.of(request, trustedProxies.includes(peer)),
      address: addressOf(request, peer, trustedProxies),
      peer,
    };
    const begunMs = performance.now();
    try {
      const response = this.#route(visit);
      if (response instanceof Response) return this.#answered(response, visit, begunMs);
      return response.then((response) => this.#answered(response, visit, begunMs));
    } catch (error) {
      return this.#answered(this.#failed(error, visit), visit, begunMs);
    }
  }

  #answered(response: Response, visit: Visit, begunMs: number): Response {
    this.traffic.answered(response);
    response.headers.set(REQUEST_ID, visit.id);
    if (this.#options.log.reports("request")) this.#report(response, visit, begunMs);
    return response;
  }

  #failed(error: unknown, { id }: Visit): Response {
    this.#options.log.report("request_failed", { request: id, error });
    return textResponse("Internal error\n", { status: 500 });
  }

  #report({ status }: Response, { request, pathname, id, user, address }: Visit, begunMs: number): void {
    this.#options.log.report("request", {
      request: id,
      ...(user !== undefined && { user }),
      address,
      method: methodOf(request),
      route: routeOf(pathname),
      status,
      duration_ms: Math.round((performance.now() - begunMs) * 1000) / 1000,
    });
  }

  #route(visit: Visit): Response | Promise<Response> {
    const { request, pathname } = visit;
    if (pathname === "/healthz") return textResponse("ok\n");
    if (pathname === "/readyz") return readinessResponse(this.failing());
    if (this.#draining) return textResponse("The server is stopping\n", { status: 503 });
    if (pathname === `${API}socket`) return this.#sockets.upgrade(visit);
    if (pathname.startsWith(API)) return this.#api.answer(visit, pathname.slice(API.length));
    const file = this.#options.web.respond(request, pathname);
    if (file) return file;
    if (pathname === "/") return landingPage(this.#options);
    return notFound(request, pathname);
  }
}
