/** Somebody who opens a new connection every few milliseconds: what newcomers notice while a server is replaced. @module */
import { delay, nowUs } from "./clock.ts";

const EVERY_MS = 5;
/** A connection that is not answered by then counts as cut. */
const PATIENCE_MS = 10_000;

export interface Knocks {
  readonly answered: number;
  /** Nobody listened. */
  readonly refused: number;
  /** Accepted, and ended without an answer. */
  readonly cut: number;
  readonly slowestMs: number;
}

export class Knocker {
  readonly #address: { readonly hostname: string; readonly port: number };
  readonly #request: Uint8Array;
  #answered = 0;
  #refused = 0;
  #cut = 0;
  #slowestMs = 0;

  constructor(url: string) {
    const { hostname, port, host } = new URL(url);
    this.#address = { hostname, port: Number(port) };
    const head = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    this.#request = new TextEncoder().encode(head);
  }

  /** Knocks until then; resolves when the last has its answer. */
  async run(untilUs: number): Promise<void> {
    const knocks: Promise<void>[] = [];
    while (nowUs() < untilUs) {
      knocks.push(this.#knock());
      await delay(EVERY_MS);
    }
    await Promise.all(knocks);
  }

  result(): Knocks {
    return {
      answered: this.#answered,
      refused: this.#refused,
      cut: this.#cut,
      slowestMs: this.#slowestMs,
    };
  }

  async #knock(): Promise<void> {
    const before = performance.now();
    let conn: Deno.TcpConn;
    try {
      conn = await Deno.connect(this.#address);
    } catch {
      this.#refused++;
      return;
    }
    const timer = setTimeout(() => conn.close(), PATIENCE_MS);
    try {
      await conn.write(this.#request);
      const count = await conn.read(new Uint8Array(1024));
      if (count === null) this.#cut++;
      else this.#answered++;
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - before);
    } catch {
      this.#cut++;
    } finally {
      clearTimeout(timer);
      try {
        conn.close();
      } catch {
        // Closed for its slowness.
      }
    }
  }
}
