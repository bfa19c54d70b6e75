/** A port that is listened on for as long as it is wanted. @module */
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

export class Listener {
  readonly #options: ListenerOptions;
  readonly #kept: Promise<void>;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #closing = false;

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

  /** Takes no connections any more and waits for the requests under way, for a bounded time. */
  async close(timeoutMs: number): Promise<void> {
    this.#closing = true;
    await within(timeoutMs, Promise.all([this.#server.shutdown(), this.#kept]));
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { host, log, handle } = this.#options;
    return Deno.serve({
      hostname: host,
      port,
      onListen: () => {},
      onError: (error) => {
        log.error("Request failed", { error: String(error) });
        return textResponse("Internal error\n", { status: 500 });
      },
    }, (request, info) => handle(request, (info.remoteAddr as Deno.NetAddr).hostname));
  }

  /** A listener dies for good when descriptors run out; open sockets live on, so it is started again. */
  async #keepListening(): Promise<void> {
    const { port } = this;
    while (true) {
      const error = await this.#server.finished.then(() => undefined, (error: unknown) => error);
      if (this.#closing || error === undefined) return;
      this.#options.log.error("Listener failed: listening again", { error: String(error) });
      await this.#relisten(port);
    }
  }

  async #relisten(port: number): Promise<void> {
    while (true) {
      await new Promise((resolve) => setTimeout(resolve, RELISTEN_MS));
      if (this.#closing) return;
      try {
        this.#server = this.#listen(port);
        return;
      } catch (error) {
        this.#options.log.warn("Listening again failed", { error: String(error) });
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
