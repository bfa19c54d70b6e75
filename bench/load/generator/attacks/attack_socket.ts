/** A socket that asks in JSON and waits for the answers. @module */
import { Opcode, RawSocket } from "../raw_socket.ts";

/** Bodies of commands, such as `{ ping: {} }`. */
export type Commands = readonly Readonly<Record<string, unknown>>[];

/** An answer's fields: `error` when it is a refusal. */
export type Answer = Readonly<Record<string, unknown>>;

/** An attacker does not wait for ever for the answers to one frame. */
const PATIENCE_MS = 10_000;

const utf8 = new TextEncoder();
const text = new TextDecoder();

export class AttackSocket {
  closed = false;
  readonly #socket: RawSocket;
  #lastId = 0;
  #awaited: { readonly ids: ReadonlySet<number>; readonly answers: Answer[]; done(): void } | undefined;

  private constructor(socket: RawSocket) {
    this.#socket = socket;
    socket.onmessage = (data) => this.#take(data);
    socket.onclose = () => {
      this.closed = true;
      this.#awaited?.done();
    };
    socket.start();
  }

  /** Rejects when the handshake or Open is refused. */
  static async open(url: string, who: { token: string; address: string }): Promise<AttackSocket> {
    const connection = await RawSocket.connect(url, {
      protocols: ["rookery.v1.json", `bearer.${who.token}`],
      headers: { "X-Forwarded-For": who.address },
    });
    const socket = new AttackSocket(connection);
    const [welcome] = await socket.ask([{ open: {} }]);
    if (welcome && !("error" in welcome)) return socket;
    socket.cut();
    throw new Error("Not opened");
  }

  /** Sends one frame; resolves with the answers that came before the socket closed. */
  async ask(commands: Commands): Promise<Answer[]> {
    if (this.closed) return [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const numbered = commands.map((command) => ({ id: ++this.#lastId, ...command }));
    const answers: Answer[] = [];
    this.#awaited = { ids: new Set(numbered.map(({ id }) => id)), answers, done: resolve };
    this.#socket.send(utf8.encode(JSON.stringify({ commands: numbered })), Opcode.TEXT);
    const timer = setTimeout(resolve, PATIENCE_MS);
    await promise;
    clearTimeout(timer);
    this.#awaited = undefined;
    return answers;
  }

  /** Sends a frame and does not wait. */
  throw(frame: Uint8Array): void {
    this.#socket.send(frame, Opcode.TEXT);
  }

  cut(): void {
    this.closed = true;
    this.#socket.cut();
  }

  #take(data: Uint8Array): void {
    const awaited = this.#awaited;
    if (!awaited) return;
    const { items = [] } = JSON.parse(text.decode(data)) as { items?: { reply?: Answer & { id: number } }[] };
    for (const { reply } of items) {
      if (reply && awaited.ids.has(reply.id)) awaited.answers.push(reply);
    }
    if (awaited.answers.length >= awaited.ids.size) awaited.done();
  }
}

/** A frame's bytes, for sending many times. */
export function frameOf(commands: Commands): Uint8Array {
  return utf8.encode(
    JSON.stringify({ commands: commands.map((command, at) => ({ id: at + 1, ...command })) }),
  );
}
