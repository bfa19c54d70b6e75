/** HTTP and WebSocket byte by byte over TCP, for what decent clients do not do. @module */
const text = new TextDecoder();
const bytes = new TextEncoder();

/** Status, headers and body of one request that is sent exactly as given. */
export async function rawRequest(port: number, head: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(bytes.encode(head.replaceAll("\n", "\r\n")));
  let answer = "";
  const buffer = new Uint8Array(16 * 1024);
  while (!answer.includes("\r\n\r\n")) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) break;
    answer += text.decode(buffer.subarray(0, count));
  }
  return answer;
}

/** A WebSocket that reads only when it is asked to. */
export class RawWebSocket implements Disposable {
  readonly #connection: Deno.TcpConn;
  #rest = new Uint8Array();

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async connect(port: number, token: string): Promise<RawWebSocket> {
    const socket = new RawWebSocket(await Deno.connect({ hostname: "127.0.0.1", port }));
    const head = `GET /api/v1/socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
      `Sec-WebSocket-Protocol: rookery.v1.proto\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    await socket.#connection.write(bytes.encode(head));
    let answer = "";
    while (!answer.includes("\r\n\r\n")) answer += text.decode((await socket.#take(1))!);
    if (!answer.startsWith("HTTP/1.1 101")) throw new Error(answer);
    return socket;
  }

  /** Sends one masked frame, or part of a message when `fin` is false. */
  async send(payload: Uint8Array, { opcode = 2, fin = true } = {}): Promise<void> {
    const long = payload.length > 125;
    const frame = new Uint8Array((long ? 8 : 6) + payload.length);
    frame[0] = (fin ? 0x80 : 0) | opcode;
    frame[1] = 0x80 | (long ? 126 : payload.length);
    if (long) frame.set([payload.length >> 8, payload.length & 255], 2);
    // The mask is all zeros, so the payload stays as it is.
    frame.set(payload, frame.length - payload.length);
    for (let at = 0; at < frame.length;) at += await this.#connection.write(frame.subarray(at));
  }

  /** Payload of the next message, or the code in a close frame; undefined at the end of the connection. */
  async receive(): Promise<Uint8Array<ArrayBuffer> | number | undefined> {
    const head = await this.#take(2);
    if (!head) return undefined;
    let size = head[1]! & 127;
    if (size > 125) {
      const wide = (await this.#take(size === 126 ? 2 : 8))!;
      size = wide.reduce((sum, byte) => sum * 256 + byte, 0);
    }
    const payload = (await this.#take(size))!;
    return (head[0]! & 15) === 8 ? payload[0]! * 256 + payload[1]! : payload;
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  async #take(size: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (this.#rest.length < size) {
      const chunk = new Uint8Array(64 * 1024);
      const count = await this.#connection.read(chunk).catch(() => null);
      if (count === null) return undefined;
      const joined = new Uint8Array(this.#rest.length + count);
      joined.set(this.#rest);
      joined.set(chunk.subarray(0, count), this.#rest.length);
      this.#rest = joined;
    }
    const taken = this.#rest.slice(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }
}
