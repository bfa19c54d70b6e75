/**
 * A port that is listened on for as long as it is wanted, and whose end no peer can put off.
 *
 * Deno's graceful shutdown waits for peers without a bound and cannot be cut short once it has begun.
 * Hence requests are counted here, and the end is a hard one when none is under way.
 *
 * @module
 */
import type { Log } from "../chat/ports.ts";
import { textResponse } from "./response.ts";
import { RequestsUnderWay, within } from "./under_way.ts";

/** Certificate and private key in PEM; the server's own certificate first. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Speak HTTPS; plain HTTP when undefined. */
  readonly tls?: KeyPair | undefined;
  /** Another listener of this user is there as well, until its end; see {@link CAN_SHARE_PORTS}. */
  readonly shared?: boolean | undefined;
  readonly log: Log;
  handle(request: Request, from: Origination): Response | Promise<Response>;
}

/** Where a request comes from and its answer goes to. */
export interface Origination {
  /** Address of the peer. */
  readonly peer: string;
  /** Settles when the runtime has the whole answer, or the peer is gone. */
  readonly completed: Promise<void>;
}

/**
 * Whether two processes of one user can listen on the same port. Deno calls its option unstable and ends the
 * program that uses it where `--unstable-net` is not set; the other functions that the flag brings tell.
 */
export const CAN_SHARE_PORTS = Deno.build.os === "linux" && "listenDatagram" in Deno;

const RELISTEN_MS = 500;

export class Listener {
  readonly #options: ListenerOptions;
  readonly #kept: Promise<void>;
  #server: Deno.HttpServer<Deno.NetAddr>;
  /** Cuts the connections of the present server; undefined while there is none. */
  #cut: AbortController | undefined;
  readonly #underWay = new RequestsUnderWay();
  readonly #closing = Promise.withResolvers<void>();
  #closed = false;

  /** Listens at once. Throws Deno.errors.AddrInUse and its like. */
  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#server = this.#listen(options.port);
    this.#kept = this.#keepListening();
  }

  /** Port that it listens on. */
  get port(): number {
    return this.#server.addr.port;
  }

  /**
   * Takes no new connections; resolves when those that there are have ended. A
   * peer that says nothing can put that off for ever, and nothing but the end of
   * the process cuts it any more.
   */
  leave(): Promise<void> {
    this.#closed = true;
    this.#closing.resolve();
    return this.#server.shutdown();
  }

  /** Waits for the requests under way, for a bounded time, then cuts all connections. */
  async close(timeoutMs: number): Promise<void> {
    await this.#underWay.settle(timeoutMs);
    this.#closed = true;
    this.#closing.resolve();
    this.#cut?.abort();
    await this.#kept;
  }

  #handle(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Response | Promise<Response> {
    this.#underWay.begin(info.completed);
    return this.#options.handle(request, { peer: info.remoteAddr.hostname, completed: info.completed });
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { host, log, tls, shared = false } = this.#options;
    const cut = new AbortController();
    if (CAN_SHARE_PORTS && !shared && port !== 0) refuseTaken(host, port);
    const server = Deno.serve({
      hostname: host,
      port,
      ...tls,
      // A successor, or the next certificate's listener, begins before this one ends.
      ...(CAN_SHARE_PORTS ? { reusePort: true } : {}),
      signal: cut.signal,
      onListen: () => {},
      onError: (error) => {
        log.report("request_failed", { error });
        return textResponse("Internal error\n", { status: 500 });
      },
    }, (request, info) => this.#handle(request, info));
    this.#cut = cut;
    return server;
  }

  /** A listener dies for good when descriptors run out; open sockets live on, so it is started again. */
  async #keepListening(): Promise<void> {
    const { port } = this;
    while (!this.#closed) {
      const error = await this.#server.finished.then(() => undefined, (error: unknown) => error);
      if (this.#closed) return;
      this.#cut = undefined;
      this.#options.log.report("listener_failed", { error: String(error) });
      await this.#relisten(port);
    }
  }

  async #relisten(port: number): Promise<void> {
    while (true) {
      await within(RELISTEN_MS, this.#closing.promise);
      if (this.#closed) return;
      try {
        this.#server = this.#listen(port);
        return;
      } catch (error) {
        this.#options.log.report("listen_failed", { error: String(error) });
      }
    }
  }
}

/** With `reusePort` it would go unnoticed that another program of this user listens there. */
function refuseTaken(hostname: string, port: number): void {
  Deno.listen({ hostname, port }).close();
}
