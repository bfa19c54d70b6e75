/** What can happen to a server, and what it takes. @module */
import type { Random } from "../../demo/random.ts";
import type { Host } from "../../demo/host.ts";
import type { FaultName } from "../options.ts";
import type { SeverableSockets } from "../severable_sockets.ts";
import type { Place } from "../place.ts";

/** Where a fault strikes. */
export interface Arena {
  readonly host: Host;
  readonly place: Place;
  readonly random: Random;
  /** Those of the clients. */
  readonly sockets: SeverableSockets;
  readonly signal: AbortSignal;
  /** Clients that have a connection and everything that they missed. */
  live(): number;
  /** Where the events stand that were acknowledged since the beginning. */
  stored(): { readonly stream: number; readonly seq: number }[];
  /** Commands of clients that were acknowledged since the beginning. */
  acknowledged(): number;
}

export interface Fault {
  readonly name: FaultName | (string & Record<never, never>);
  /**
   * Lets it happen and ends it again; the server runs, or runs again, when this
   * resolves. Tells whether the server felt it. Returns early when the signal aborts.
   */
  strike(arena: Arena): Promise<boolean>;
}

/** How a server has to be started so that faults can strike it. */
export interface Outfit {
  /** Its entry, instead of main.ts. */
  readonly entry?: string;
  readonly wrapper: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files outside of its folder that a process leaves behind when it is killed. */
  traces(pid: number): readonly string[];
}

const LOOK_MS = 20;
const STATUS_OK = "HTTP/1.1 200";

/** Waits for a time; less when the signal aborts or the condition holds. */
export async function wait(ms: number, signal: AbortSignal, condition?: () => boolean): Promise<void> {
  const endMs = performance.now() + ms;
  for (let leftMs = ms; leftMs > 0 && !signal.aborted && !condition?.(); leftMs = endMs - performance.now()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, leftMs)));
  }
}

/** Asks over a new connection, as somebody who comes; false when there is no 200 in time. */
export async function answers(url: string, timeoutMs: number, path = "/healthz"): Promise<boolean> {
  const { hostname, port, host } = new URL(url);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    // Linux takes connections for a server that does not.
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const cut = () => close(connection);
    timeout.addEventListener("abort", cut, { once: true });
    const request = `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    const bytes = new Uint8Array(STATUS_OK.length);
    const size = await connection.read(bytes);
    timeout.removeEventListener("abort", cut);
    return size === STATUS_OK.length && new TextDecoder().decode(bytes) === STATUS_OK;
  } catch {
    return false;
  }
}

/** Closes a connection, which its peer may have done before. */
export function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}
