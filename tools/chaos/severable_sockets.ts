/** WebSockets of clients that can be cut from outside, as a network does. @module */
import type { WebSocketClass, WebSocketLike } from "../../src/client/mod.ts";
import type { Random } from "../demo/random.ts";

const LOST = 1006;

export class SeverableSockets {
  readonly #open = new Set<() => void>();
  readonly WebSocket: WebSocketClass;

  constructor() {
    const open = this.#open;
    this.WebSocket = class implements WebSocketLike {
      binaryType = "arraybuffer";
      onopen: WebSocketLike["onopen"] = null;
      onmessage: WebSocketLike["onmessage"] = null;
      onclose: WebSocketLike["onclose"] = null;
      onerror: WebSocketLike["onerror"] = null;
      readonly #socket: WebSocket;
      #severed = false;

      constructor(url: string, protocols: string[]) {
        this.#socket = new WebSocket(url, protocols);
        this.#socket.binaryType = "arraybuffer";
        const sever = () => {
          this.#severed = true;
          this.#socket.close();
        };
        this.#socket.onopen = (event) => {
          open.add(sever);
          this.onopen?.(event);
        };
        this.#socket.onmessage = (event) => void (this.#severed || this.onmessage?.(event));
        this.#socket.onerror = (event) => this.onerror?.(event);
        this.#socket.onclose = ({ code, reason }) => {
          open.delete(sever);
          this.onclose?.(this.#severed ? { code: LOST, reason: "" } : { code, reason });
        };
      }

      send(data: Uint8Array<ArrayBuffer> | string): void {
        if (!this.#severed) this.#socket.send(data);
      }

      close(code?: number, reason?: string): void {
        this.#socket.close(code, reason);
      }
    };
  }

  /** Connections that are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Cuts a share of those that are open: nothing comes through any more, in either direction. */
  sever(share: number, random: Random): void {
    for (const sever of [...this.#open]) if (random.chance(share)) sever();
  }
}
