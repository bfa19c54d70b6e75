/** A connection with encoded frames: the client's WebSocket at one end, the core's outlet at the other. @module */
import type { Chunk, Outlet } from "../../../src/chat/ports.ts";
import type { WebSocketLike } from "../../../src/client/mod.ts";
import type { JsonChunk, ProtoChunk } from "../../../src/wire/server_codec.ts";

export type Frame = ArrayBuffer | string;

const JSON_FORMAT = 1;
/** Formats of the core's encoders before those of the wire. */
const WIRE_FORMATS_FROM = 2;
const NO_CODE = 1005;

/** The client's end. What it sends is heard at once; what it is sent waits until it is read, or is lost. */
export class LineSocket implements WebSocketLike {
  binaryType = "arraybuffer";
  onopen: WebSocketLike["onopen"] = null;
  onmessage: WebSocketLike["onmessage"] = null;
  onclose: WebSocketLike["onclose"] = null;
  onerror: WebSocketLike["onerror"] = null;
  /** Takes what the client sends. */
  hear: (data: Uint8Array | string) => void = () => {};
  /** The client has hung up. */
  left: () => void = () => {};
  over = false;

  send(data: Uint8Array<ArrayBuffer> | string): void {
    if (!this.over) this.hear(data);
  }

  close(code = NO_CODE): void {
    if (this.over) return;
    this.over = true;
    this.left();
    queueMicrotask(() => this.onclose?.({ code, reason: "" }));
  }

  /** The server or the network ends it. */
  drop(code: number, reason: string): void {
    if (this.over) return;
    this.over = true;
    this.onclose?.({ code, reason });
  }
}

export interface LineOptions {
  /** 0 is protobuf, 1 JSON. */
  readonly format: number;
  readonly room: number;
  /** Told of every frame before it is on its way. */
  readonly tell: (frame: Frame) => void;
}

/** The core's end. */
export class LineOutlet implements Outlet {
  readonly format: number;
  readonly #options: LineOptions;
  readonly #frames: Frame[] = [];
  #bytes = 0;
  /** How the server has ended it. */
  end: { readonly code: number; readonly reason: string } | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    this.format = WIRE_FORMATS_FROM + options.format;
  }

  get ready(): boolean {
    return this.#bytes < this.#options.room;
  }

  get unread(): number {
    return this.#frames.length;
  }

  send(chunk: Chunk): boolean {
    const frame = this.#options.format === JSON_FORMAT
      ? (chunk as JsonChunk).frame
      : (chunk as ProtoChunk).slice().buffer;
    this.#options.tell(frame);
    this.#frames.push(frame);
    this.#bytes += chunk.byteLength;
    return this.ready;
  }

  close(code: number, reason: string): void {
    this.end ??= { code, reason };
  }

  /** The next frame that has not arrived. */
  next(): Frame | undefined {
    const frame = this.#frames.shift();
    if (this.#frames.length === 0) this.#bytes = 0;
    return frame;
  }
}
