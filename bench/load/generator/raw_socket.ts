/**
 * A WebSocket over plain TCP, as much of RFC 6455 as a load generator needs:
 * reading a hundred thousand frames a second must not be what is measured.
 *
 * @module
 */

const READ_BYTES = 32 * 1024;
const FIN = 0x80;
const MASKED = 0x80;

/** RFC 6455, section 5.2. */
export const Opcode = { TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/** What all sockets of the process have read, for counting bytes per delivery. */
export const traffic = { bytes: 0, frames: 0 };

export interface Handshake {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export class RawSocket {
  /** Called with each message; the bytes are good until it returns. */
  onmessage: (data: Uint8Array) => void = () => {};
  onclose: () => void = () => {};
  /** Waited for before each read: whoever need not hear at once reads more at a time. */
  pace: (() => Promise<void>) | undefined;
  readonly #tcp: Deno.TcpConn;
  /** Bytes of a frame that has not come whole. */
  #rest: Uint8Array<ArrayBuffer>;
  #reading = false;

  private constructor(tcp: Deno.TcpConn, rest: Uint8Array) {
    this.#tcp = tcp;
    this.#rest = new Uint8Array(rest);
  }

  /** Resolves after the handshake; rejects when it is refused. Nothing is read before {@link start}. */
  static async connect(url: string, { protocols = [], headers = {} }: Handshake): Promise<RawSocket> {
    const { hostname, port, pathname, search, host } = new URL(url);
    const tcp = await Deno.connect({ hostname, port: Number(port || 80) });
    try {
      tcp.setNoDelay(true);
      const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
      const lines = [
        `GET ${pathname}${search} HTTP/1.1`,
        `Host: ${host}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        `Sec-WebSocket-Key: ${key}`,
        // Offered, so that it shows whether the server compresses; nobody here would understand it.
        "Sec-WebSocket-Extensions: permessage-deflate",
        ...(protocols.length > 0 ? [`Sec-WebSocket-Protocol: ${protocols.join(", ")}`] : []),
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ];
      await tcp.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
      const head = await readHead(tcp);
      const extensions = head.fields.get("sec-websocket-extensions");
      if (extensions) throw new Error(`The server compresses (${extensions}): that is not measured here`);
      return new RawSocket(tcp, head.rest);
    } catch (error) {
      tcp.close();
      throw error;
    }
  }

  /** Begins to read. */
  start(): void {
    if (this.#reading) return;
    this.#reading = true;
    void this.#read();
  }

  /** Sends one unfragmented frame; its mask is all zeros, which changes nothing. */
  send(data: Uint8Array, opcode: Opcode = Opcode.BINARY): void {
    const long = data.length > 125;
    const head = long ? 8 : 6;
    const frame = new Uint8Array(head + data.length);
    frame[0] = FIN | opcode;
    frame[1] = MASKED | (long ? 126 : data.length);
    if (long) new DataView(frame.buffer).setUint16(2, data.length);
    frame.set(data, head);
    // A peer that is gone is seen by the reader.
    this.#tcp.write(frame).catch(() => {});
  }

  /** Asks the server to close. */
  close(): void {
    this.send(new Uint8Array([0x03, 0xe8]), Opcode.CLOSE);
  }

  /** Drops the connection as a lost network does. */
  cut(): void {
    try {
      this.#tcp.close();
    } catch {
      // Gone already.
    }
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    try {
      this.#take(this.#rest);
      for (;;) {
        if (this.pace) await this.pace();
        const size = await this.#tcp.read(buffer);
        if (size === null) break;
        traffic.bytes += size;
        const fresh = buffer.subarray(0, size);
        this.#take(this.#rest.length === 0 ? fresh : joined(this.#rest, fresh));
      }
    } catch {
      // Cut off: the same as an end.
    }
    this.cut();
    this.onclose();
  }

  #take(bytes: Uint8Array): void {
    const used = this.#frames(bytes);
    if (used < bytes.length) this.#rest = new Uint8Array(bytes.subarray(used));
    else if (this.#rest.length > 0) this.#rest = new Uint8Array();
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
      this.#frame(bytes[at]! & 0x0f, bytes.subarray(data, data + size));
      at = data + size;
    }
    return at;
  }

  #frame(opcode: number, data: Uint8Array): void {
    if (opcode <= Opcode.BINARY) {
      traffic.frames++;
      this.onmessage(data);
    } else if (opcode === Opcode.PING) this.send(data, Opcode.PONG);
  }
}

async function readHead(tcp: Deno.TcpConn): Promise<{ fields: Map<string, string>; rest: Uint8Array }> {
  let head = new Uint8Array();
  const buffer = new Uint8Array(4096);
  for (;;) {
    const size = await tcp.read(buffer);
    if (size === null) throw new Error("The handshake was cut off");
    head = joined(head, buffer.subarray(0, size));
    const text = new TextDecoder("latin1").decode(head);
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const [status, ...lines] = text.slice(0, end).split("\r\n");
    if (!status!.startsWith("HTTP/1.1 101 ")) throw new Error(`Refused: ${status}`);
    const fields = lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
    return { fields: new Map(fields), rest: head.slice(end + 4) };
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
