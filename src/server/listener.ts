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

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  /** Answers a request from the peer with this address. */
  handle(request: Request, peer: string): Response | Promise<Response>;
}

const RELISTEN_MS = 500;
/** A response that is complete may still be on its way to the peer. */
const LINGER_MS = 50;

export class Listener {
  readonly #options: ListenerOptions;
  readonly #kept: Promise<void>;
  #server: Deno.HttpServer<Deno.NetAddr>;
  /** Cuts the connections of the present server; undefined while there is none. */
  #cut: AbortController | undefined;
  #underWay = 0;
  #lastAnswerMs = -Infinity;
  #onIdle: (() => void) | undefined;
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

  /** Waits for the requests under way, for a bounded time, then cuts all connections. */
  async close(timeoutMs: number): Promise<void> {
    await within(timeoutMs, this.#idle());
    const lingerMs = this.#lastAnswerMs + LINGER_MS - performance.now();
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
    this.#closed = true;
    this.#closing.resolve();
    this.#cut?.abort();
    await this.#kept;
  }

  async #idle(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>((resolve) => this.#onIdle = resolve);
  }

  #handle(request: Request, info: Deno.ServeHandlerInfo<Deno.NetAddr>): Response | Promise<Response> {
    this.#underWay++;
    const over = () => {
      this.#lastAnswerMs = performance.now();
      if (--this.#underWay === 0) this.#onIdle?.();
    };
    // A peer that went away ends its request, too.
    info.completed.then(over, over);
    return this.#options.handle(request, info.remoteAddr.hostname);
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { host, log } = this.#options;
    const cut = new AbortController();
    const server = Deno.serve({
      hostname: host,
      port,
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

/** Waits for something, but no longer than this. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => timer = setTimeout(resolve, timeoutMs));
  await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
