/** Real sockets on a bad network: every one of them is cut at a moment that chance decides. @module */
import type { WebSocketClass, WebSocketLike } from "../../src/client/mod.ts";

/** A generator of numbers in [0, 1) that repeats itself for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A WebSocket that is cut after some frames in either direction, without anybody saying goodbye. */
export function cuttingWebSocket(random: () => number, { frames }: { frames: number }): WebSocketClass {
  return class implements WebSocketLike {
    binaryType = "arraybuffer";
    onopen: WebSocketLike["onopen"] = null;
    onmessage: WebSocketLike["onmessage"] = null;
    onclose: WebSocketLike["onclose"] = null;
    onerror: WebSocketLike["onerror"] = null;
    readonly #socket: WebSocket;
    #left = Math.floor(random() * frames);
    #cut = false;

    constructor(url: string, protocols: string[]) {
      this.#socket = new WebSocket(url, protocols);
      this.#socket.binaryType = "arraybuffer";
      this.#socket.onopen = (event) => this.onopen?.(event);
      this.#socket.onmessage = (event) => this.#counts() && this.onmessage?.(event);
      this.#socket.onclose = ({ code, reason }) =>
        this.onclose?.(this.#cut ? { code: 1006, reason: "" } : { code, reason });
    }

    send(data: Uint8Array<ArrayBuffer> | string): void {
      if (this.#counts()) this.#socket.send(data);
    }

    close(code?: number, reason?: string): void {
      this.#socket.close(code, reason);
    }

    #counts(): boolean {
      if (!this.#cut && this.#left-- <= 0) {
        this.#cut = true;
        this.#socket.close(4000);
      }
      return !this.#cut;
    }
  };
}
