/** A peer on a bare TCP connection, who need not keep to any protocol. @module */
const encoder = new TextEncoder();
/** Every byte is a character of its own, so that nothing is lost. */
const latin1 = new TextDecoder("latin1");

/** Nobody here waits longer for anything. */
const WAIT_MS = 20_000;

export class Peer implements Disposable {
  readonly #connection: Deno.TcpConn;
  readonly #buffer = new Uint8Array(64 * 1024);
  #closed = false;
  /** What the server has said and nobody has taken yet. */
  #said: Uint8Array = new Uint8Array();
  #ended = false;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async connect(port: number): Promise<Peer> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connection.setNoDelay();
    return new Peer(connection);
  }

  /** Whether the server has ended the connection, as far as is known. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Sends text or bytes; false when the server has ended the connection. */
  async send(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.#timed("take what is sent", this.#connection.write(bytes.subarray(at)));
      }
      return true;
    } catch (error) {
      if (error instanceof Late) throw error;
      return false;
    }
  }

  /** Sends as much as the server takes within a time; the bytes that it took. */
  async sendUntilStuck(chunk: Uint8Array, { bytes, stuckMs }: { bytes: number; stuckMs: number }) {
    let sent = 0;
    while (sent < bytes) {
      const write = this.#connection.write(chunk).catch(() => undefined);
      const count = await within(stuckMs, write);
      if (count === undefined) break;
      sent += count;
    }
    return sent;
  }

  /** All that the server says until it fits or the connection ends. */
  async until(fits: (text: string) => boolean): Promise<string> {
    let text = "";
    while (true) {
      text += latin1.decode(await this.takeAny());
      if (fits(text) || this.#ended) return text;
    }
  }

  /** All that the server says until it ends the connection. */
  rest(): Promise<string> {
    return this.until(() => false);
  }

  /** So many bytes; undefined when the connection ends before. */
  async take(size: number): Promise<Uint8Array | undefined> {
    while (this.#said.length < size) {
      if (!await this.#hear()) return undefined;
    }
    const taken = this.#said.slice(0, size);
    this.#said = this.#said.subarray(size);
    return taken;
  }

  /** Whatever has been said, at least one byte; nothing at the end of the connection. */
  async takeAny(): Promise<Uint8Array> {
    if (this.#said.length === 0) await this.#hear();
    const taken = this.#said;
    this.#said = new Uint8Array();
    return taken;
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.close();
  }

  async #hear(): Promise<boolean> {
    if (this.#ended) return false;
    const count = await this.#timed("say anything", this.#connection.read(this.#buffer).catch(() => null));
    if (count === null) {
      this.#ended = true;
      return false;
    }
    const said = new Uint8Array(this.#said.length + count);
    said.set(this.#said);
    said.set(this.#buffer.subarray(0, count), this.#said.length);
    this.#said = said;
    return true;
  }

  async #timed<T>(what: string, work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // What waits on the connection ends with it.
        this[Symbol.dispose]();
        reject(new Late(`The server did not ${what} within ${WAIT_MS} ms`));
      }, WAIT_MS);
    });
    return await Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}

class Late extends Error {}

/** The work's result, or undefined when it takes longer than this. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), ms));
  return await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

/** So many peers at once, all let go of at the end. */
export async function crowd(port: number, size: number): Promise<Peer[] & Disposable> {
  const peers = await Promise.all(Array.from({ length: size }, () => Peer.connect(port)));
  return Object.assign(peers, {
    [Symbol.dispose]() {
      for (const peer of peers) peer[Symbol.dispose]();
    },
  });
}

/** Sends bytes over a connection of their own and hears the server out; line ends in the text are CRLF. */
export async function exchange(port: number, text: string): Promise<string> {
  using peer = await Peer.connect(port);
  await peer.send(text.replaceAll(/(?<!\r)\n/g, "\r\n"));
  return await peer.rest();
}

/** Status codes of all answers in a text, in order. */
export function statuses(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
}
