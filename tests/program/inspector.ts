/** What can be asked and done inside a running program, through Deno's inspector. @module */

/** Disposing leaves the program; until then it would not end. */
export class Inspector implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: { value?: unknown }) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, result } = JSON.parse(data);
      this.#answers.get(id)?.(result?.result ?? {});
      this.#answers.delete(id);
    };
  }

  /** `address` is what Deno prints behind "Debugger listening on". */
  static async connect(address: string): Promise<Inspector> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => [socket.onopen, socket.onerror] = [resolve, reject]);
    socket.onerror = (event) => event.preventDefault();
    return new Inspector(socket);
  }

  /** Evaluates an expression in the program's main isolate. */
  async evaluate(expression: string): Promise<unknown> {
    const id = ++this.#last;
    const answer = new Promise<{ value?: unknown }>((resolve) => this.#answers.set(id, resolve));
    const params = { expression, returnByValue: true };
    this.#socket.send(JSON.stringify({ id, method: "Runtime.evaluate", params }));
    return (await answer).value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.onclose = resolve);
    this.#socket.close();
    await closed;
  }
}
