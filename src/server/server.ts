/**
 * The listener and its routes.
 *
 *     GET  /                  the web client; its files stand below /assets/
 *     GET  /healthz           the process answers
 *     GET  /readyz            commands are accepted and can be stored
 *     GET  /api/v1/socket     WebSocket
 *     POST /api/v1/socket     what a handshake would come to
 *     POST /api/v1/<Command>  one command
 *
 * @module
 */
import type { Chat } from "../chat/chat.ts";
import { ChatError, Code } from "../chat/error.ts";
import type { Limits } from "../chat/limits.ts";
import type { Principal } from "../chat/model.ts";
import type { Log } from "../chat/ports.ts";
import { addressOf } from "./address.ts";
import { Api } from "./api.ts";
import { landingPage, notFound } from "./landing.ts";
import { type KeyPair, Listener, type ListenerOptions, type Origination } from "./listener.ts";
import { pathOf } from "./path.ts";
import { type Failing, readinessResponse } from "./readiness.ts";
import { textResponse } from "./response.ts";
import { Traffic } from "./traffic.ts";
import { within } from "./under_way.ts";
import { Sockets } from "./upgrade.ts";
import { methodOf, REQUEST_ID, RequestIds, routeOf, type Visit } from "./visit.ts";
import type { WebClient } from "./web_client.ts";

/** What the operator may set while it runs. */
export interface ServerSettings {
  readonly limits: Limits;
  readonly name: string;
  readonly origins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** Days that browsers are told to use HTTPS alone; 0 tells them nothing. Only with a certificate. */
  readonly hstsDays: number;
}

export interface ServerOptions extends ServerSettings {
  readonly chat: Chat;
  readonly log: Log;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Speak HTTPS; plain HTTP when undefined. */
  readonly tls: KeyPair | undefined;
  readonly version: string;
  readonly web: WebClient;
  authenticate(token: string, peer: string): Principal | undefined;
  /** Which addresses count as one visitor: the key of an address for counting. */
  addressGroup(address: string): string;
  /** What keeps commands from being taken and stored now; empty when nothing does. */
  failing(): readonly Failing[];
  /** Requests that come before wait for it. */
  readonly opened?: Promise<void> | undefined;
  /** See {@link ListenerOptions.shared}. */
  readonly shared?: boolean | undefined;
}

const API = "/api/v1/";
const STOPPING = "The server is stopping";
const SWEEP_MS = 10_000;
/** Where a server that speaks HTTPS takes plain HTTP. */
export const LOOPBACK = "127.0.0.1";
/** How long those who have to change over are waited for, and the time over which they come back. */
const RENEW_MS = 1000;
const RENEW_SPREAD_MS = 2000;
const DAY_S = 24 * 3600;

/** A listening server. */
export class Server {
  readonly traffic = new Traffic();
  #options: ServerOptions;
  readonly #ids = new RequestIds();
  readonly #api: Api;
  readonly #sockets: Sockets;
  readonly #sweep: ReturnType<typeof setInterval>;
  #listener: Listener;
  /** For the operator's commands, which know no certificate; undefined when the listener is plain itself. */
  readonly #local: Listener | undefined;
  #open: boolean;
  #draining = false;
  #replaced = false;

  /** Listens at once. Throws Deno.errors.AddrInUse and its like. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.#api = new Api({ ...options, traffic: this.traffic });
    this.#sockets = new Sockets({ ...options, traffic: this.traffic });
    const { host, port, tls, shared, opened } = options;
    opened?.then(() => this.#open = true);
    this.#open = opened === undefined;
    this.#listener = this.#listen({ host, port, tls, shared });
    this.#local = tls && this.#listen({ host: LOOPBACK, port: 0 });
    this.#sweep = setInterval(() => this.#sockets.sweep(), SWEEP_MS);
  }

  /** Port that it listens on. */
  get port(): number {
    return this.#listener.port;
  }

  /** Whether it listens there. */
  at(place: { readonly host: string; readonly port: number } | undefined): boolean {
    return place?.port === this.port && place.host === this.#options.host;
  }

  /** Port on 127.0.0.1 that takes plain HTTP, besides one that takes HTTPS; undefined when there is no such. */
  get localPort(): number | undefined {
    return this.#local?.port;
  }

  /** WebSockets that the runtime holds, and the bytes that wait unsent in them. */
  get sockets(): { readonly size: number; readonly unsentBytes: number } {
    return this.#sockets;
  }

  /** What keeps the server from being ready, as /readyz tells it. */
  failing(): readonly Failing[] {
    const others = this.#options.failing();
    // Who asks wants to know what connections to this port will find.
    if (!this.#draining || this.#replaced) return others;
    return [{ check: "draining", reason: STOPPING }, ...others];
  }

  /** Other settings from the next request on. */
  configure(settings: ServerSettings): void {
    this.#options = { ...this.#options, ...settings };
    this.#api.configure(settings);
    this.#sockets.configure(settings);
  }

  /**
   * Shows another certificate from now on. Deno can neither exchange one nor end
   * a listener without its WebSockets: so the next listener begins, clients are
   * sent there, and the one before is left. Throws when the certificate cannot be used.
   * A server that stops does nothing: its successor may have the port.
   */
  async renew(tls: KeyPair): Promise<void> {
    if (this.#draining) return;
    const { host, chat } = this.#options;
    const before = this.#listener;
    this.#listener = this.#listen({ host, port: before.port, tls, shared: true });
    chat.closeAll("The server has a new certificate: reconnect", { fromMs: 0, toMs: RENEW_SPREAD_MS });
    await within(RENEW_MS, this.#sockets.empty());
    await within(RENEW_MS, before.leave());
  }

  /**
   * Refuses new sockets and commands from now on. Where a successor answers at
   * the same port already (`replaced`), that is no reason to send nobody there.
   */
  drain({ replaced = false }: { readonly replaced?: boolean } = {}): void {
    this.#draining = true;
    this.#replaced ||= replaced;
  }

  /** Waits until peers have taken what was sent to them, for a bounded time, then lets go of all of them. */
  async close(timeoutMs: number): Promise<void> {
    this.#draining = true;
    clearInterval(this.#sweep);
    const deadlineMs = performance.now() + timeoutMs;
    // Shutting down first would make Deno end the sockets with a close code of its own, 1001.
    await within(timeoutMs, this.#sockets.empty());
    const leftMs = Math.max(0, deadlineMs - performance.now());
    await Promise.all([this.#listener.close(leftMs), this.#local?.close(leftMs)]);
  }

  #listen(options: Pick<ListenerOptions, "host" | "port" | "tls" | "shared">): Listener {
    const { log } = this.#options;
    return new Listener({ ...options, log, handle: (request, from) => this.#answer(request, from) });
  }

  #answer(request: Request, from: Origination): Response | Promise<Response> {
    if (!this.#open) return this.#options.opened!.then(() => this.#answer(request, from));
    const { peer, completed } = from;
    const { trustedProxies } = this.#options;
    const visit: Visit = {
      request,
      pathname: pathOf(request),
      id: this.#ids.of(request, trustedProxies.includes(peer)),
      address: addressOf(request, peer, trustedProxies),
      peer,
      completed,
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
    const { hstsDays, log } = this.#options;
    this.traffic.answered(response);
    response.headers.set(REQUEST_ID, visit.id);
    // Never over plain HTTP (RFC 6797, section 7.2); the answer to a handshake is the runtime's own.
    if (hstsDays > 0 && response.status !== 101 && visit.request.url.startsWith("https:")) {
      response.headers.set("strict-transport-security", `max-age=${hstsDays * DAY_S}`);
    }
    if (log.reports("request")) this.#report(response, visit, begunMs);
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
    if (pathname === undefined) {
      return textResponse("Bad request: the address or the host is not valid\n", { status: 400 });
    }
    if (pathname === "/healthz") return textResponse("ok\n");
    if (pathname === "/readyz") return readinessResponse(this.failing());
    const command = pathname.startsWith(API);
    if (this.#draining) {
      if (command) return this.#api.refuse(visit, new ChatError(Code.UNAVAILABLE, STOPPING));
      return textResponse(`${STOPPING}\n`, { status: 503 });
    }
    if (pathname === `${API}socket`) {
      return /^(POST|OPTIONS)$/.test(request.method)
        ? this.#sockets.ask(visit)
        : this.#sockets.upgrade(visit);
    }
    if (command) return this.#api.answer(visit, pathname.slice(API.length));
    const file = this.#options.web.respond(request, pathname);
    if (file) return file;
    if (pathname === "/") return landingPage(request, this.#options);
    return notFound(request, pathname);
  }
}
