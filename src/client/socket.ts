/** One WebSocket, from its handshake to its end. @module */
import type { Chunk, ClientCodec, Item } from "../wire/client_codec.ts";

/** The part of the WebSocket class that is used. */
export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

/** Close code of a connection that never was, or broke off (RFC 6455, section 7.4.1). */
const ABNORMAL = 1006;
/** Ready state of a socket that can send. */
const OPEN = 1;

/** What of a WebSocket is used. */
export interface WebSocketLike {
  binaryType: string;
  /** 2 and 3 mean that it is closing or closed; taken as open where it is missing. */
  readonly readyState?: number;
  // deno-lint-ignore no-explicit-any -- the runtimes' own event types differ
  onopen: ((event: any) => void) | null;
  // deno-lint-ignore no-explicit-any -- the runtimes' own event types differ
  onmessage: ((event: any) => void) | null;
  // deno-lint-ignore no-explicit-any -- the runtimes' own event types differ
  onclose: ((event: any) => void) | null;
  // deno-lint-ignore no-explicit-any -- the runtimes' own event types differ
  onerror: ((event: any) => void) | null;
  /** Sends bytes or a text. */
  send(data: Chunk): void;
  /** Begins to close it. */
  close(code?: number, reason?: string): void;
}

export interface SocketHandlers {
  opened(): void;
  items(items: Item[]): void;
  /** It is gone. `opened` tells whether the handshake had succeeded. */
  closed(end: { code: number; reason: string; opened: boolean }): void;
  /** What came cannot be read. */
  garbled(error: unknown): void;
}

export interface SocketOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly codec: ClientCodec;
  readonly WebSocket: WebSocketClass;
}

export class Socket {
  readonly #socket: WebSocketLike;
  /** Resolves when the runtime has let go of the connection. */
  readonly gone: Promise<void>;
  #handlers: SocketHandlers | undefined;
  #opened = false;

  constructor({ url, token, codec, WebSocket }: SocketOptions, handlers: SocketHandlers) {
    this.#handlers = handlers;
    const protocols = [codec.subprotocol, ...codec.offers, ...token === undefined ? [] : [`bearer.${token}`]];
    const socket = this.#socket = new WebSocket(url, protocols);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#opened = true;
      this.#handlers?.opened();
    };
    socket.onmessage = ({ data }: { data: ArrayBuffer | string }) => {
      if (!this.#handlers) return;
      let items: Item[];
      try {
        items = codec.decodeItems(data);
      } catch (error) {
        this.#handlers.garbled(error);
        return;
      }
      this.#handlers.items(items);
    };
    const gone = Promise.withResolvers<void>();
    this.gone = gone.promise;
    const end = (code: number, reason: string) => {
      gone.resolve();
      const { opened, handlers } = { opened: this.#opened, handlers: this.#handlers };
      this.#handlers = undefined;
      handlers?.closed({ code, reason, opened });
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => end(code, reason);
    socket.onerror = (event: { preventDefault?(): void }) => {
      event.preventDefault?.();
      // A close event follows and tells more, but in Node 22 none does where the handshake has failed.
      if (!this.#opened) end(ABNORMAL, "");
    };
  }

  send(frame: Chunk): void {
    // The close event follows. Browsers would only complain, and Deno would throw.
    if ((this.#socket.readyState ?? OPEN) > OPEN) return;
    this.#socket.send(frame);
  }

  /** Ends it; the handlers hear nothing more. */
  close(code: number, reason: string): void {
    this.#handlers = undefined;
    this.#socket.close(code, reason);
  }
}
