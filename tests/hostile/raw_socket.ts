/** A WebSocket frame by frame, each of any shape (RFC 6455, section 5.2). @module */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { ClientFrameSchema, type Item, ServerFrameSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { fromBinary } from "@bufbuild/protobuf";
import { Peer } from "./peer.ts";

export interface Shape {
  readonly opcode?: number;
  readonly fin?: boolean;
  /** The three reserved bits. */
  readonly rsv?: number;
  readonly masked?: boolean;
  /** Length that the head tells; that of the payload when left out. */
  readonly length?: bigint;
}

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** One frame as a client sends it. */
export function frame(payload: Uint8Array | string, shape: Shape = {}): Uint8Array {
  const { opcode = BINARY, fin = true, rsv = 0, masked = true } = shape;
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const length = shape.length ?? BigInt(bytes.length);
  const size = length < 126n ? 0 : length < 65_536n ? 2 : 8;
  const head = new Uint8Array(2 + size + (masked ? 4 : 0));
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (size === 0 ? Number(length) : size === 2 ? 126 : 127);
  for (let at = 0; at < size; at++) head[2 + at] = Number((length >> BigInt(8 * (size - 1 - at))) & 255n);
  // The mask is all zeros, so the payload stays as it is.
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

export type CommandsInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["commands"]>;

/** A frame with commands. */
export function commandFrame(...commands: CommandsInit): Uint8Array {
  return frame(toBinary(ClientFrameSchema, create(ClientFrameSchema, { commands })));
}

export interface Told {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

/** A peer that has been let in, and reads only when it is told to. */
export class RawSocket implements Disposable {
  readonly peer: Peer;

  private constructor(peer: Peer) {
    this.peer = peer;
  }

  static async open(
    port: number,
    token: string,
    { json = false, headers = "" }: { json?: boolean; headers?: string } = {},
  ): Promise<RawSocket> {
    const socket = new RawSocket(await Peer.connect(port));
    await socket.peer.send(handshake({ port, json, headers: `authorization: Bearer ${token}\n${headers}` }));
    let answer = "";
    while (!answer.endsWith("\r\n\r\n")) {
      const byte = await socket.peer.take(1);
      if (!byte) break;
      answer += String.fromCharCode(byte[0]!);
    }
    if (!answer.startsWith("HTTP/1.1 101")) {
      socket[Symbol.dispose]();
      throw new Error(`Not let in: ${answer}`);
    }
    return socket;
  }

  send(payload: Uint8Array | string, shape: Shape = {}): Promise<boolean> {
    return this.peer.send(frame(payload, shape));
  }

  command(...commands: CommandsInit): Promise<boolean> {
    return this.peer.send(commandFrame(...commands));
  }

  /** The next frame; undefined at the end of the connection. */
  async receive(): Promise<Told | undefined> {
    const head = await this.peer.take(2);
    if (!head) return undefined;
    let size = head[1]! & 127;
    if (size > 125) {
      const wide = await this.peer.take(size === 126 ? 2 : 8);
      size = wide?.reduce((sum, byte) => sum * 256 + byte, 0) ?? 0;
    }
    const payload = await this.peer.take(size);
    return payload && { opcode: head[0]! & 15, payload };
  }

  /** Items up to the first that fits, with it. */
  async itemsUntil(fits: (item: Item["item"]) => boolean): Promise<Item["item"][]> {
    const items: Item["item"][] = [];
    while (true) {
      const told = await this.receive();
      if (told?.opcode !== BINARY) throw new Error(`Ended: ${told ? codeOf(told) : "without a word"}`);
      items.push(...fromBinary(ServerFrameSchema, told.payload).items.map(({ item }) => item));
      if (items.some(fits)) return items;
    }
  }

  /** How the server ends it: the code of its close frame, or undefined when it only hangs up. */
  async end(): Promise<number | undefined> {
    while (true) {
      const told = await this.receive();
      if (!told) return undefined;
      if (told.opcode === CLOSE) return codeOf(told);
    }
  }

  [Symbol.dispose](): void {
    this.peer[Symbol.dispose]();
  }
}

/** The request for an upgrade; `headers` are lines of their own. */
export function handshake(
  { port, json = false, headers = "", target = "/api/v1/socket", close = false }: {
    port: number;
    json?: boolean;
    headers?: string;
    target?: string;
    /** Asks for the connection's end after a refusal. */
    close?: boolean;
  },
): string {
  return (
    `GET ${target} HTTP/1.1\nHost: 127.0.0.1:${port}\nConnection: ${close ? "close, " : ""}Upgrade\n` +
    "Upgrade: websocket\n" +
    "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n" +
    `Sec-WebSocket-Protocol: rookery.v1.${json ? "json" : "proto"}\n${headers}\n`
  ).replaceAll("\n", "\r\n");
}

function codeOf({ payload }: Told): number | undefined {
  return payload.length < 2 ? undefined : payload[0]! * 256 + payload[1]!;
}
