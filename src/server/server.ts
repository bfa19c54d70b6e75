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
import { textResponse } from "./response.ts";
import { Traffic } from "./traffic.ts";
import { Sockets } from "./upgrade.ts";
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
  /** Why commands cannot be stored now; undefined when they can. */
  unready(): string | undefined;
  /** Requests that come before wait for it. */
  readonly opened?: Promise<void> | undefined;
  /** See {@link ListenerOptions.shared}. */
  readonly shared?: boolean;
}

const API = "/api/v1/";
const SWEEP_MS = 10_000;

/** A listening server. */
export class Server {
  readonly traffic = new Traffic();
  readonly #options: ServerOptions;
  readonly #api: Api;
  readonly #sockets: Sockets;
  readonly #sweep: ReturnType<typeof setInterval>;
  readonly #listener: Listener;
  #open: boolean;
  #draining = false;

  /** Listens at once. Throws Deno.errors.AddrInUse and its like. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.#api = new Api(options);
    this.#sockets = new Sockets({ ...options, traffic: this.traffic });
    const { host, port, log, shared, opened } = options;
    opened?.then(() => this.#open = true);
    this.#open = opened === undefined;
    this.#listener = new Listener({
      host,
      port,
      log,
      ...(shared === undefined ? {} : { shared }),
      handle: (request, peer) => this.#answer(request, peer),
    });
    this.#sweep = setInterval(() => this.#sockets.sweep(), SWEEP_MS);
  }

  /** Port that it listens on. */
  get port(): number {
    return this.#listener.port;
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
    if (!this.#open) return this.#options.opened!.then(() => this.#answer(request, peer));
    const response = this.#route(request, peer);
    if (response instanceof Response) return this.traffic.answered(response);
    return response.then((response) => this.traffic.answered(response));
  }

  #route(request: Request, peer: string): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") return textResponse("ok\n");
    if (pathname === "/readyz") return this.#ready();
    if (this.#draining) return textResponse("The server is stopping\n", { status: 503 });
    const address = addressOf(request, peer, this.#options.trustedProxies);
    if (pathname === `${API}socket`) return this.#sockets.upgrade(request, { address, peer });
    if (pathname.startsWith(API)) {
      return this.#api.answer({ request, name: pathname.slice(API.length), address, peer });
    }
    const file = this.#options.web.respond(request, pathname);
    if (file) return file;
    if (pathname === "/") return landingPage(this.#options);
    return notFound(request, pathname);
  }

  #ready(): Response {
    const reason = this.#draining ? "the server is stopping" : this.#options.unready();
    return reason === undefined
      ? textResponse("ready\n")
      : textResponse(`not ready: ${reason}\n`, { status: 503 });
  }
}
