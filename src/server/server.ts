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
import { handleApi } from "./api.ts";
import { landingPage } from "./landing.ts";
import { textResponse } from "./response.ts";
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
  /** Why commands cannot be stored now; undefined when they can. */
  unready(): string | undefined;
}

const API = "/api/v1/";
const SWEEP_MS = 10_000;
const RELISTEN_MS = 500;

/** A listening server. */
export class Server {
  readonly #options: ServerOptions;
  readonly #sockets: Sockets;
  readonly #sweep: ReturnType<typeof setInterval>;
  #listener: Deno.HttpServer<Deno.NetAddr>;
  #draining = false;
  #relistening: Promise<void>;

  /** Listens at once. Throws Deno.errors.AddrInUse and its like. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.#sockets = new Sockets(options);
    this.#listener = this.#listen(options.port);
    this.#relistening = this.#keepListening();
    this.#sweep = setInterval(() => this.#sockets.sweep(), SWEEP_MS);
  }

  /** Port that it listens on. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Refuses new sockets and commands from now on. */
  drain(): void {
    this.#draining = true;
  }

  /** Waits until peers have taken what was sent to them, for a bounded time, then stops listening. */
  async close(timeoutMs: number): Promise<void> {
    this.#draining = true;
    clearInterval(this.#sweep);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<void>((resolve) => timer = setTimeout(resolve, timeoutMs));
    // Shutting down first would make Deno end the sockets with a close code of its own, 1001.
    await Promise.race([this.#sockets.empty(), timeout]);
    await Promise.race([this.#listener.shutdown(), timeout]);
    clearTimeout(timer);
    await this.#relistening;
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    return Deno.serve({
      hostname: this.#options.host,
      port,
      onListen: () => {},
      onError: (error) => {
        this.#options.log.error("Request failed", { error: String(error) });
        return textResponse("Internal error\n", { status: 500 });
      },
    }, (request, info) => this.#route(request, (info.remoteAddr as Deno.NetAddr).hostname));
  }

  /** A listener dies for good when descriptors run out; open sockets live on, so it is started again. */
  async #keepListening(): Promise<void> {
    const { port } = this;
    while (true) {
      const error = await this.#listener.finished.then(() => undefined, (error: unknown) => error);
      if (this.#draining || error === undefined) return;
      this.#options.log.error("Listener failed: listening again", { error: String(error) });
      await this.#relisten(port);
    }
  }

  async #relisten(port: number): Promise<void> {
    while (!this.#draining) {
      await new Promise((resolve) => setTimeout(resolve, RELISTEN_MS));
      try {
        this.#listener = this.#listen(port);
        return;
      } catch (error) {
        this.#options.log.warn("Listening again failed", { error: String(error) });
      }
    }
  }

  #route(request: Request, peer: string): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") return textResponse("ok\n");
    if (pathname === "/readyz") return this.#ready();
    if (this.#draining) return textResponse("The server is stopping\n", { status: 503 });
    const address = addressOf(request, peer, this.#options.trustedProxies);
    if (pathname === `${API}socket`) return this.#sockets.upgrade(request, { address, peer });
    if (pathname.startsWith(API)) {
      return handleApi({ request, name: pathname.slice(API.length), address, peer }, this.#options);
    }
    const file = this.#options.web.respond(request, pathname);
    if (file) return file;
    if (pathname === "/") return landingPage(this.#options);
    return textResponse("Not found\n", { status: 404 });
  }

  #ready(): Response {
    const reason = this.#draining ? "the server is stopping" : this.#options.unready();
    return reason === undefined
      ? textResponse("ready\n")
      : textResponse(`not ready: ${reason}\n`, { status: 503 });
  }
}
