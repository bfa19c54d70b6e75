/** A WebSocket without the SDK's care: what is sent is what the test says. @module */
import { create, fromBinary, fromJsonString, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { toJsonString } from "@bufbuild/protobuf";
import { ClientFrameSchema, type Item, ServerFrameSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import type { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";

export type CommandInit = MessageInitShape<typeof CommandSchema>;
export type Case = NonNullable<Item["item"]["case"]>;
export type Value<C extends Case> = Extract<Item["item"], { case: C }>["value"];

export interface WireOptions {
  readonly token?: string;
  readonly json?: boolean;
  /** Besides what token and json ask for. */
  readonly protocols?: readonly string[];
  readonly headers?: Record<string, string>;
}

/** Longer than any answer should take, on a busy machine, too. */
const WAIT_MS = 60_000;

/** Frame with these commands. */
export function frameOf(...commands: CommandInit[]): Uint8Array<ArrayBuffer> {
  return toBinary(ClientFrameSchema, create(ClientFrameSchema, { commands }));
}

export class WireSocket {
  readonly socket: WebSocket;
  readonly json: boolean;
  /** Everything that came, in order. */
  readonly items: Item[] = [];
  readonly opened: Promise<boolean>;
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  constructor(url: string, { token, json = false, protocols, headers = {} }: WireOptions) {
    this.json = json;
    const offered = protocols ?? [json ? "rookery.v1.json" : "rookery.v1.proto"];
    this.socket = new WebSocket(url, {
      protocols: token === undefined ? [...offered] : [...offered, `bearer.${token}`],
      headers,
    });
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = ({ data }) => {
      this.items.push(...this.#decode(data));
      this.#wake();
    };
    this.socket.onerror = (event) => event.preventDefault();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.opened = promise;
    this.socket.onopen = () => resolve(true);
    this.closed = new Promise((closed) =>
      this.socket.onclose = ({ code, reason }) => {
        resolve(false);
        this.#wake();
        closed({ code, reason });
      }
    );
  }

  /** A socket that is live from the present on. */
  static async open(url: string, options: WireOptions): Promise<WireSocket> {
    const wire = new WireSocket(url, options);
    await wire.opened;
    wire.send({ id: 1, body: { case: "open", value: {} } });
    await wire.take("caughtUp");
    return wire;
  }

  send(...commands: CommandInit[]): void {
    const frame = create(ClientFrameSchema, { commands });
    this.socket.send(
      this.json ? toJsonString(ClientFrameSchema, frame) : toBinary(ClientFrameSchema, frame),
    );
  }

  /** The first item of this kind that fits, which may have come already. */
  async take<C extends Case>(kind: C, fits: (value: Value<C>) => boolean = () => true): Promise<Value<C>> {
    const deadline = performance.now() + WAIT_MS;
    for (let at = 0;; at++) {
      while (at >= this.items.length) await this.#more(kind, deadline);
      const { item } = this.items[at]!;
      if (item.case === kind && fits(item.value as Value<C>)) return item.value as Value<C>;
    }
  }

  /** The answer to one command. */
  reply(id: number): Promise<Value<"reply">> {
    return this.take("reply", (reply) => reply.id === id);
  }

  /** Values of all items of a kind that have come. */
  all<C extends Case>(kind: C): Value<C>[] {
    return this.items.flatMap(({ item }) => item.case === kind ? [item.value as Value<C>] : []);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  async #more(kind: string, deadline: number): Promise<void> {
    if (this.socket.readyState > WebSocket.OPEN) throw new Error(`Closed before ${kind} came`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push(resolve);
      timer = setTimeout(
        () => reject(new Error(`No ${kind} within ${WAIT_MS} ms`)),
        deadline - performance.now(),
      );
    }).finally(() => clearTimeout(timer));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #decode(data: ArrayBuffer | string): Item[] {
    return typeof data === "string"
      ? fromJsonString(ServerFrameSchema, data).items
      : fromBinary(ServerFrameSchema, new Uint8Array(data)).items;
  }
}
