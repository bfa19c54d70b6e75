/** Idle connections take every file descriptor, while some of the clients have to come back. @module */
import { answers, type Arena, close, type Fault, wait } from "./fault.ts";

const MIN_MS = 2000;
const MORE_MS = 2000;
const SEVERED = 0.4;
const LOOK_MS = 100;
const ANSWER_MS = 700;

/** What the server itself opens, workers and libraries included, with room for a login or two. */
const OWN_DESCRIPTORS = 128;

/** Descriptors that a server gets, so that its clients fit and a few hundred others do not. */
export function descriptorLimit(clients: number): number {
  return OWN_DESCRIPTORS + 2 * clients;
}

export const descriptors: Fault = {
  name: "descriptors",
  async strike(arena: Arena): Promise<boolean> {
    const { host, random, sockets, signal } = arena;
    const crowd = new Crowd(Number(new URL(host.url).port), descriptorLimit(sockets.size));
    const end = new AbortController();
    try {
      const crowded = crowd.stay(AbortSignal.any([signal, end.signal]));
      await wait(MIN_MS / 2, signal);
      sockets.sever(SEVERED, random);
      const [answered] = await Promise.all([
        answers(host.url, ANSWER_MS),
        wait(MIN_MS / 2 + random.below(MORE_MS), signal),
      ]);
      end.abort();
      await crowded;
      return !answered;
    } finally {
      end.abort();
      crowd.go();
    }
  },
};

/** Connections over which nobody says anything. */
class Crowd {
  readonly #port: number;
  readonly #size: number;
  readonly #connections = new Set<Deno.TcpConn>();

  constructor(port: number, size: number) {
    this.#port = port;
    this.#size = size;
  }

  /** Comes, and comes back when it is turned away, until the signal aborts. */
  async stay(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      while (this.#connections.size < this.#size && !signal.aborted && await this.#come());
      await wait(LOOK_MS, signal);
    }
  }

  go(): void {
    for (const connection of this.#connections) close(connection);
    this.#connections.clear();
  }

  async #come(): Promise<boolean> {
    let connection: Deno.TcpConn;
    try {
      connection = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
    } catch {
      // Nobody listens for the moment.
      return false;
    }
    this.#connections.add(connection);
    void connection.read(new Uint8Array(1)).catch(() => null).then(() => {
      if (this.#connections.delete(connection)) close(connection);
    });
    return true;
  }
}
