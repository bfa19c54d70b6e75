/** A way to a server that can be cut without a word, as by a killed server. @module */

export class CutWay implements Disposable {
  readonly #target: number;
  #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly port: number;

  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    void this.#serve();
  }

  /** Nobody listens any more, and what was connected is not. */
  cut(): void {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    this.#connections.clear();
  }

  /** Listens on the same port again. */
  open(): void {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.port });
    void this.#serve();
  }

  [Symbol.dispose](): void {
    this.cut();
  }

  async #serve(): Promise<void> {
    for await (const near of this.#listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      for (const connection of [near, far]) this.#connections.add(connection);
      void this.#pass(near, far);
      void this.#pass(far, near);
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    await from.readable.pipeTo(to.writable).catch(() => {});
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // The other end was first.
  }
}
