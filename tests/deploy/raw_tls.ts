/** Connections that do what decent clients do not, over TLS. @module */
import { equal } from "node:assert/strict";
import type { Proxy } from "./proxy.ts";

const encoder = new TextEncoder();

/** A connection on which nothing was sent yet. */
export async function openTls({ ports, certificate }: Proxy): Promise<Deno.TlsConn> {
  return await Deno.connectTls({
    hostname: "127.0.0.1",
    port: ports.tls,
    caCerts: [certificate.pem],
    alpnProtocols: ["http/1.1"],
  });
}

export async function write(connection: Deno.Conn, text: string | Uint8Array): Promise<void> {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Resolves with what came when the other side has ended the connection. */
export async function ended(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16 * 1024);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

/** Sends this now and the rest piece by piece, until the other side has had enough; resolves with its words. */
export async function drip(
  proxy: Proxy,
  { first, piece, everyMs }: { first: string; piece: string; everyMs: number },
): Promise<string> {
  using connection = await openTls(proxy);
  await write(connection, first);
  const timer = setInterval(() => write(connection, piece).catch(() => {}), everyMs);
  try {
    return await ended(connection);
  } finally {
    clearInterval(timer);
  }
}

/** A WebSocket that sends messages in pieces. */
export class FragmentingSocket implements Disposable {
  readonly #connection: Deno.TlsConn;

  private constructor(connection: Deno.TlsConn) {
    this.#connection = connection;
  }

  static async open(proxy: Proxy, token: string): Promise<FragmentingSocket> {
    const connection = await openTls(proxy);
    await write(
      connection,
      [
        "GET /api/v1/socket HTTP/1.1",
        `Host: 127.0.0.1:${proxy.ports.tls}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: rookery.v1.proto",
        `Authorization: Bearer ${token}`,
        "",
        "",
      ].join("\r\n"),
    );
    const buffer = new Uint8Array(4096);
    const count = await connection.read(buffer);
    const head = new TextDecoder().decode(buffer.subarray(0, count ?? 0));
    equal(head.slice(0, 12), "HTTP/1.1 101", head);
    return new FragmentingSocket(connection);
  }

  /** One piece of a binary message; the mask is all zeros. */
  async send(bytes: number, { first = false, last = false } = {}): Promise<void> {
    const frame = new Uint8Array(8 + bytes);
    frame.set([(last ? 0x80 : 0) | (first ? 2 : 0), 0x80 | 126, bytes >> 8, bytes & 255]);
    await write(this.#connection, frame);
  }

  /** A whole binary message of at most 125 bytes. */
  async sendMessage(payload: Uint8Array): Promise<void> {
    await write(this.#connection, new Uint8Array([0x82, 0x80 | payload.length, 0, 0, 0, 0, ...payload]));
  }

  /** The code with which the other side ends it. */
  async closeCode(): Promise<number | undefined> {
    const buffer = new Uint8Array(4096);
    const count = await this.#connection.read(buffer).catch(() => null);
    return count && (buffer[0]! & 15) === 8 ? buffer[2]! * 256 + buffer[3]! : undefined;
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}
