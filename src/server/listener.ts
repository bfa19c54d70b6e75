/**
 * A port that is listened on for as long as it is wanted, and whose end no peer can put off.
 *
 * Deno's graceful shutdown waits for peers without a bound and cannot be cut short once it has begun.
 * Hence requests are counted here, and the end is a hard one when none is under way.
 *
 * @module
 */
import type { Log } from "../chat/ports.ts";
import { IpAddress } from "../ip_address.ts";
import { textResponse } from "./requests/response.ts";
import { InFlightRequests, within } from "./requests/in_flight_requests.ts";

/** Certificate and private key in PEM; the server's own certificate first. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface ListenerOptions {
  /** Address and port, of which 0 takes a free one; or the path of a Unix socket, for this system user alone. */
  readonly at: { readonly host: string; readonly port: number } | { readonly path: string };
  /** Speak HTTPS; plain HTTP when undefined. */
  readonly tls?: KeyPair | undefined;
  /** Another listener of this user is there as well, until its end; see {@link CAN_SHARE_PORTS}. */
  readonly shared?: boolean | undefined;
  readonly log: Log;
  handle(request: Request, from: Origination): Response | Promise<Response>;
}

/** Where a request comes from and its answer goes to. */
export interface Origination {
  /** Address of the peer; undefined at a Unix socket. */
  readonly peer: IpAddress | undefined;
  /** Settles when the runtime has the whole answer, or the peer is gone. */
  readonly completed: Promise<void>;
}

/** For a peer whose address the runtime cannot tell. */
const UNSPECIFIED = IpAddress.parse("::")!;

/**
 * Whether two processes of one user can listen on the same port. Deno calls its option unstable and ends the
 * program that uses it where `--unstable-net` is not set; the other functions that the flag brings tell.
 */
export const CAN_SHARE_PORTS = Deno.build.os === "linux" && "listenDatagram" in Deno;

const RELISTEN_MS = 500;

export class Listener {
  readonly #options: ListenerOptions;
  readonly #kept: Promise<void>;
  #server: Deno.HttpServer<Deno.Addr>;
  /** Cuts the connections of the present server; undefined while there is none. */
  #cut: AbortController | undefined;
  readonly #inFlight = new InFlightRequests();
  readonly #closing = Promise.withResolvers<void>();
  #closed = false;

  /** Listens at once. Throws Deno.errors.AddrInUse and its like. */
  constructor(options: ListenerOptions) {
    this.#options = options;
    const { at } = options;
    this.#server = this.#listen("port" in at ? at.port : 0);
    this.#kept = this.#keepListening();
  }

  /** Port that it listens on; 0 at a Unix socket. */
  get port(): number {
    const { addr } = this.#server;
    return "port" in addr ? addr.port : 0;
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
    await this.#inFlight.settle(timeoutMs);
    this.#closed = true;
    this.#closing.resolve();
    this.#cut?.abort();
    await this.#kept;
  }

  #handle(request: Request, { remoteAddr, completed }: Deno.ServeHandlerInfo): Response | Promise<Response> {
    this.#inFlight.begin(completed);
    const peer = "hostname" in remoteAddr ? IpAddress.parse(remoteAddr.hostname) ?? UNSPECIFIED : undefined;
    return this.#options.handle(request, { peer, completed });
  }

  #listen(port: number): Deno.HttpServer<Deno.Addr> {
    const { at, log, tls } = this.#options;
    const cut = new AbortController();
    const options = {
      signal: cut.signal,
      onListen: () => {},
      onError: (error: unknown) => {
        log.report("request_failed", { error });
        return textResponse("Internal error\n", { status: 500 });
      },
    };
    const handle = (request: Request, info: Deno.ServeHandlerInfo) => this.#handle(request, info);
    let server: Deno.HttpServer<Deno.Addr>;
    if ("path" in at) {
      server = Deno.serve({ path: at.path, ...options }, handle);
      // Until here the folder's rights guard it; what it takes is asked for a token besides.
      Deno.chmodSync(at.path, 0o600);
    } else {
      if (CAN_SHARE_PORTS && !this.#options.shared && port !== 0) refuseTaken(at.host, port);
      // A successor, or the next certificate's listener, begins before this one ends.
      const sharing = CAN_SHARE_PORTS ? { reusePort: true } : {};
      server = Deno.serve({ hostname: at.host, port, ...tls, ...sharing, ...options }, handle);
    }
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
        const { at } = this.#options;
        if ("path" in at) await Deno.remove(at.path).catch(() => {});
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
