/**
 * The listener and its routes.
 *
 *     GET  /                  the web client; its files stand below /assets/
 *     GET  /healthz           the process answers
 *     GET  /readyz            commands are accepted and can be stored
 *     GET  /api/v1/socket     WebSocket
 *     POST /api/v1/socket     what a handshake would come to
 *     POST /api/v1/<Command>  one command
 *     GET  /api/v1/openapi.json, asyncapi.json, descriptor   the contract
 *
 * @module
 */
import type { Chat } from "../chat/chat.ts";
import { ChatError, Code } from "../chat/error.ts";
import type { Limits } from "../chat/limits.ts";
import type { Log } from "../chat/ports.ts";
import { TrustedProxies } from "./admission/trusted_proxies.ts";
import { Api } from "./requests/api.ts";
import { ratesOf } from "./admission/budget.ts";
import { Budgets } from "./admission/budgets.ts";
import { readableByPage } from "./requests/cors.ts";
import { cookiesOf, type Door } from "./admission/credentials.ts";
import type { Description } from "./pages/description.ts";
import { landingPage, misdirected, notFound } from "./pages/fallback_pages.ts";
import { type KeyPair, Listener, type ListenerOptions, type Origination } from "./listener.ts";
import { OwnNames } from "./admission/own_names.ts";
import { pathOf } from "./requests/path.ts";
import { type Failing, type Note, readinessResponse } from "./readiness.ts";
import { textResponse } from "./requests/response.ts";
import { Traffic } from "./traffic.ts";
import { within } from "./requests/in_flight_requests.ts";
import { Sockets } from "./sockets/sockets.ts";
import {
  methodOf,
  REQUEST_ID,
  type RequestContext,
  RequestIds,
  routeOf,
} from "./requests/request_context.ts";
import type { WebClient } from "./pages/web_client.ts";

/** What the operator may set while it runs. */
export interface ServerSettings {
  readonly limits: Limits;
  /** Names of this server besides that of its public address. */
  readonly hosts: readonly string[];
  /** Origins besides the server's own whose pages may connect. */
  readonly origins: readonly string[];
  /** Addresses and networks of proxies. */
  readonly trustedProxies: readonly string[];
  /** Names of the certificate; undefined without one. */
  readonly certificateNames: readonly string[] | undefined;
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
  readonly description: Description;
  /** The public address; undefined when none is configured. */
  readonly url: string | undefined;
  /** The address for people when it listens on this port. */
  publicUrl(port: number): string;
  /** Path of the Unix socket that takes the operator's commands; undefined for none. */
  readonly operatorSocket?: string | undefined;
  readonly authenticate: Door["authenticate"];
  /** Which addresses count as one visitor: the key of an address for counting. */
  addressGroup(address: string): string;
  /** What keeps commands from being taken and stored now; empty when nothing does. */
  failing(): readonly Failing[];
  /** What is wrong besides. */
  notes(): readonly Note[];
  /** Requests that come before wait for it. */
  readonly opened?: Promise<void> | undefined;
  /** See {@link ListenerOptions.shared}. */
  readonly shared?: boolean | undefined;
}

const API = "/api/v1/";
const STOPPING = "The server is stopping";
/** Stands in the log where others have an address. */
const OPERATOR_ADDRESS = "operator";
const SWEEP_MS = 10_000;
/** Headers by which proxies say that they stand in between. */
const FORWARDING = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];
/** How long those who have to change over are waited for, and the time over which they come back. */
const RENEW_MS = 1000;
const RENEW_SPREAD_MS = 2000;
const DAY_S = 24 * 3600;

/** A listening server. */
export class Server {
  readonly traffic = new Traffic();
  #options: ServerOptions;
  readonly #ids = new RequestIds();
  readonly #users: Budgets<number>;
  readonly #addresses: Budgets<string>;
  readonly #api: Api;
  readonly #sockets: Sockets;
  readonly #sweep: ReturnType<typeof setInterval>;
  #listener: Listener;
  /** For the operator's commands, at a place that no network and no proxy reaches. */
  readonly #operator: Listener | undefined;
  #names: OwnNames;
  #proxies: TrustedProxies;
  #open: boolean;
  #draining = false;
  #replaced = false;

  /** Listens at once. Throws Deno.errors.AddrInUse and its like. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.#users = new Budgets(ratesOf("user", options.limits));
    this.#addresses = new Budgets(ratesOf("address", options.limits));
    const { host, port, tls, shared, opened } = options;
    opened?.then(() => this.#open = true);
    this.#open = opened === undefined;
    this.#names = new OwnNames(options);
    this.#proxies = new TrustedProxies(options.trustedProxies);
    this.#listener = this.#listen({ at: { host, port }, tls, shared });
    this.#operator = this.#listenForOperator();
    const cookies = cookiesOf(options.publicUrl(this.port));
    const budgets = { users: this.#users, addresses: this.#addresses };
    const parts = { ...options, ...budgets, names: this.#names, cookies, traffic: this.traffic };
    this.#api = new Api(parts);
    this.#sockets = new Sockets(parts);
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

  /** Whether the operator's commands reach it. */
  get takesOperator(): boolean {
    return this.#operator !== undefined;
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
    this.#names = new OwnNames(this.#options);
    this.#proxies = new TrustedProxies(settings.trustedProxies);
    this.#users.rates = ratesOf("user", settings.limits);
    this.#addresses.rates = ratesOf("address", settings.limits);
    this.#api.configure({ ...settings, names: this.#names });
    this.#sockets.configure({ ...settings, names: this.#names });
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
    this.#listener = this.#listen({ at: { host, port: before.port }, tls, shared: true });
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
    await Promise.all([this.#listener.close(leftMs), this.#operator?.close(leftMs)]);
  }

  /** Undefined, with a warning, where there can be no such socket. */
  #listenForOperator(): Listener | undefined {
    const { operatorSocket, log } = this.#options;
    if (operatorSocket === undefined) return undefined;
    try {
      return this.#listen({ at: { path: operatorSocket } });
    } catch (error) {
      log.report("operator_unreachable", { error });
      return undefined;
    }
  }

  #listen(options: Pick<ListenerOptions, "at" | "tls" | "shared">): Listener {
    const { log } = this.#options;
    return new Listener({ ...options, log, handle: (request, from) => this.#answer(request, from) });
  }

  #answer(request: Request, from: Origination): Response | Promise<Response> {
    if (!this.#open) return this.#options.opened!.then(() => this.#answer(request, from));
    const { peer, completed } = from;
    const context: RequestContext = {
      request,
      pathname: pathOf(request),
      id: this.#ids.of(request, peer !== undefined && this.#proxies.includes(peer)),
      address: peer ? this.#proxies.addressOf(request, peer).text : OPERATOR_ADDRESS,
      operator: peer === undefined,
      completed,
    };
    const begunMs = performance.now();
    try {
      const response = this.#route(context);
      if (response instanceof Response) return this.#answered(response, context, begunMs);
      return response.then((response) => this.#answered(response, context, begunMs));
    } catch (error) {
      return this.#answered(this.#failed(error, context), context, begunMs);
    }
  }

  #answered(response: Response, context: RequestContext, begunMs: number): Response {
    const { hstsDays, log } = this.#options;
    this.traffic.answered(response);
    response.headers.set(REQUEST_ID, context.id);
    // Never over plain HTTP (RFC 6797, section 7.2); the answer to a handshake is the runtime's own.
    if (hstsDays > 0 && response.status !== 101 && context.request.url.startsWith("https:")) {
      response.headers.set("strict-transport-security", `max-age=${hstsDays * DAY_S}`);
    }
    if (log.reports("request")) this.#report(response, context, begunMs);
    return response;
  }

  #failed(error: unknown, { id }: RequestContext): Response {
    this.#options.log.report("request_failed", { request: id, error });
    return textResponse("Internal error\n", { status: 500 });
  }

  #report(
    { status }: Response,
    { request, pathname, id, user, address }: RequestContext,
    begunMs: number,
  ): void {
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

  #route(context: RequestContext): Response | Promise<Response> {
    const { request, pathname } = context;
    if (pathname === undefined) {
      return textResponse("Bad request: the address or the host is not valid\n", { status: 400 });
    }
    if (pathname === "/healthz") return textResponse("ok\n");
    if (pathname === "/readyz") return readinessResponse(this.failing(), this.#options.notes());
    const command = pathname.startsWith(API);
    if (context.operator && !this.#admitsOperator(context)) return notFound(request, pathname);
    if (this.#draining) {
      if (command) return this.#api.refuse(context, new ChatError(Code.UNAVAILABLE, STOPPING));
      return textResponse(`${STOPPING}\n`, { status: 503 });
    }
    if (pathname === `${API}socket`) {
      return /^(POST|OPTIONS)$/.test(request.method)
        ? this.#sockets.ask(context)
        : this.#sockets.upgrade(context);
    }
    if (command) return this.#command(context, pathname.slice(API.length));
    return this.#page(request, pathname);
  }

  #command(context: RequestContext, name: string): Response | Promise<Response> {
    const { request } = context;
    const file = this.#options.description.respond(request, name);
    return file ? readableByPage(file, request, this.#names) : this.#api.answer(context, name);
  }

  #page(request: Request, pathname: string): Response {
    const file = this.#options.web.respond(request, pathname);
    if (!file && pathname !== "/") return notFound(request, pathname);
    const shown = request.method === "GET" || request.method === "HEAD";
    if (shown && !this.#names.knows(request)) return misdirected(request, this.#options.url);
    return file ??
      landingPage(request, { name: this.#options.chat.serverName, version: this.#options.version });
  }

  /** The operator's socket takes commands from this machine: no pages, no sockets, and nothing that was passed on. */
  #admitsOperator({ request: { headers }, pathname }: RequestContext): boolean {
    return pathname!.startsWith(API) && pathname !== `${API}socket` &&
      !FORWARDING.some((name) => headers.has(name));
  }
}
