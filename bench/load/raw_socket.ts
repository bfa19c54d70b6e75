/**
 * A WebSocket over plain TCP, as much of RFC 6455 as a load generator needs:
 * reading a hundred thousand frames a second must not be what is measured.
 *
 * @module
 */

const READ_BYTES = 64 * 1024;
const FIN_BINARY = 0x82;
const FIN_CLOSE = 0x88;
const MASKED = 0x80;

export class RawSocket {
  /** Called with each message; the bytes are good until it returns. */
  onmessage: (message: { readonly data: Uint8Array }) => void = () => {};
  onclose: () => void = () => {};
  /** Waited for before each read after the first: whoever need not hear at once reads more at a time. */
  pace: (() => Promise<void>) | undefined;
  readonly #tcp: Deno.TcpConn;
  /** Bytes of a frame that has not come whole. */
  #rest = new Uint8Array();

  private constructor(tcp: Deno.TcpConn) {
    this.#tcp = tcp;
    tcp.setNoDelay(true);
  }

  /** Resolves after the handshake; rejects when it is refused. */
  static async connect(url: string, protocols: readonly string[]): Promise<RawSocket> {
    const { hostname, port, pathname, host } = new URL(url);
    const tcp = await Deno.connect({ hostname, port: Number(port) });
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    const head = [
      `GET ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${key}`,
      `Sec-WebSocket-Protocol: ${protocols.join(", ")}`,
    ];
    await tcp.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`));
    const socket = new RawSocket(tcp);
    await socket.#handshake();
    void socket.#read();
    return socket;
  }

  /** Sends up to 125 bytes as one frame; its mask is all zeros, which changes nothing. */
  send(data: Uint8Array): void {
    this.#write(FIN_BINARY, data);
  }

  close(): void {
    this.#write(FIN_CLOSE, new Uint8Array([0x03, 0xe8]));
  }

  #write(first: number, data: Uint8Array): void {
    if (data.length > 125) throw new RangeError("A load generator's message has at most 125 bytes");
    const frame = new Uint8Array(6 + data.length);
    frame[0] = first;
    frame[1] = MASKED | data.length;
    frame.set(data, 6);
    // A peer that is gone is seen by the reader.
    this.#tcp.write(frame).catch(() => {});
  }

  async #handshake(): Promise<void> {
    let head = new Uint8Array();
    const buffer = new Uint8Array(4096);
    for (;;) {
      const size = await this.#tcp.read(buffer);
      if (size === null) throw new Error("The handshake was cut off");
      head = joined(head, buffer.subarray(0, size));
      const text = new TextDecoder("latin1").decode(head);
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) continue;
      if (!text.startsWith("HTTP/1.1 101 ")) throw new Error(`Refused: ${text.split("\r\n")[0]}`);
      this.#rest = head.slice(end + 4);
      return;
    }
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      for (;;) {
        const size = await this.#tcp.read(buffer);
        if (size === null) break;
        const fresh = buffer.subarray(0, size);
        const bytes = this.#rest.length === 0 ? fresh : joined(this.#rest, fresh);
        const used = this.#frames(bytes);
        this.#rest = used === bytes.length ? this.#rest.subarray(0, 0) : bytes.slice(used);
        if (this.pace) await this.pace();
      }
    } catch {
      // Cut off: the same as an end.
    }
    this.#tcp.close();
    this.onclose();
  }

  /** Hands out whole frames; returns how many bytes they had. */
  #frames(bytes: Uint8Array): number {
    let at = 0;
    while (at + 2 <= bytes.length) {
      let size = bytes[at + 1]!;
      let data = at + 2;
      if (size === 126) {
        if (data + 2 > bytes.length) break;
        size = bytes[data]! * 256 + bytes[data + 1]!;
        data += 2;
      } else if (size === 127) {
        if (data + 8 > bytes.length) break;
        size = new DataView(bytes.buffer, bytes.byteOffset + data + 4).getUint32(0);
        data += 8;
      }
      if (data + size > bytes.length) break;
      if (bytes[at] === FIN_BINARY) this.onmessage({ data: bytes.subarray(data, data + size) });
      at = data + size;
    }
    return at;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
