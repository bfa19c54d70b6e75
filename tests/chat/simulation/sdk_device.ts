/**
 * A device that runs the real SDK: its outbox, its replica, its pauses and
 * its frames. Everything is promised to it that is promised to
 * {@link ModelClient}, and at rest it holds what the store says.
 *
 * @module
 */
import type { Chat } from "../../../src/chat/chat.ts";
import type { Connection } from "../../../src/chat/connections/connection.ts";
import type { ServerItem } from "../../../src/chat/reply.ts";
import { type OutboxChange, type OutboxEntry, RookeryClient } from "../../../src/client/mod.ts";
import { jsonCodec, protoCodec } from "../../../src/wire/client_codec.ts";
import { decodeClientFrame } from "../../../src/wire/server_codec.ts";
import { ManualClock } from "../clock.ts";
import { type Deeds, KINDS } from "./deeds.ts";
import type { Dice } from "./dice.ts";
import { LineOutlet, LineSocket } from "./line.ts";
import type { Trace } from "./trace.ts";
import { demand, type Witness } from "./witness.ts";

const COMMANDS_MAX = 256;
const LOST = 1006;
const PENDING_MAX = 6;
const FORMATS = ["proto", "json"] as const;

export interface SdkDeviceOptions {
  readonly userId: number;
  readonly name: string;
  /** 0 is protobuf, 1 JSON. */
  readonly format: number;
  readonly dice: Dice;
  readonly witness: Witness;
  readonly trace: Trace;
}

export class SdkDevice {
  readonly userId: number;
  readonly name: string;
  readonly counts = { sdkStored: 0, sdkRefused: 0, sdkConnections: 0, sdkReloads: 0, sdkReruns: 0 };
  token = "";
  loggingIn = false;
  connection: Connection | undefined;
  readonly #options: SdkDeviceOptions;
  readonly #clock = new ManualClock();
  /** What the program keeps of its outbox on its own disk. */
  #kept: readonly OutboxEntry[] = [];
  #client: RookeryClient | undefined;
  #socket: LineSocket | undefined;
  #outlet: LineOutlet | undefined;

  constructor(options: SdkDeviceOptions) {
    this.#options = options;
    this.userId = options.userId;
    this.name = options.name;
  }

  /** It has everything and waits for nothing. */
  get quiet(): boolean {
    const client = this.#client;
    return client?.state.name === "live" && client.pending().length === 0 && this.#outlet?.unread === 0 &&
      this.#outlet.end === undefined && this.connection?.subscriber.behind === undefined;
  }

  get client(): RookeryClient {
    return this.#client!;
  }

  /** Begins the program anew, with the session and what the last run has kept. */
  run(): void {
    const { format, dice } = this.#options;
    this.counts.sdkReruns++;
    void this.#client?.close();
    const dialed = (socket: LineSocket) => this.#socket = socket;
    this.#client = new RookeryClient("http://simulation", {
      token: this.token,
      format: FORMATS[format]!,
      clock: this.#clock,
      random: () => dice.next(),
      backoff: { baseMs: 30, capMs: 300 },
      outboxStore: { load: () => this.#kept, save: (entries) => void (this.#kept = entries) },
      fetch: () => Promise.reject(new TypeError("There is no other door")),
      WebSocket: class extends LineSocket {
        constructor() {
          super();
          dialed(this);
        }
      },
    });
    this.#client.on("outbox", (change) => this.#options.witness.watch(() => this.#answered(change)));
    this.#client.on("reload", () => this.counts.sdkReloads++);
    this.#client.connect();
  }

  /** Up to three commands; nobody waits for the answers but the witness. */
  act(deeds: Deeds): void {
    const client = this.#client;
    if (!client || client.state.name === "ended") return;
    const count = 1 + this.#options.dice.below(3);
    for (let left = count; left > 0 && client.pending().length < PENDING_MAX; left--) {
      const { key, body } = deeds.durable({ channels: client.replica.channels });
      client.call(body.case as "sendMessage", body.value as { channelId: number }, { key }).catch(() => {});
    }
  }

  /** The server takes the dialed socket in, or is not there. */
  meet(chat: Chat, room: number): void {
    const socket = this.#socket;
    if (!socket || socket.over || this.connection) return;
    const principal = chat.authenticate(this.token);
    if (!principal) return socket.drop(LOST, "");
    this.counts.sdkConnections++;
    const { format } = this.#options;
    const codec = format === 1 ? jsonCodec : protoCodec;
    const outlet = new LineOutlet({
      format,
      room,
      tell: (frame) => {
        for (const { item } of codec.decodeItems(frame)) this.#deliver(item as unknown as ServerItem);
      },
    });
    const connection = chat.connect(principal, outlet);
    this.#outlet = outlet;
    this.connection = connection;
    socket.hear = (data) => {
      if (!connection.closed) chat.receive(connection, decodeClientFrame(data, COMMANDS_MAX), "::1");
    };
    socket.left = () => {
      chat.disconnect(connection);
      if (this.connection === connection) this.connection = this.#outlet = undefined;
    };
    socket.onopen?.({});
  }

  /** Frames arrive, and at last the server's farewell. */
  read(frames: number): void {
    for (let left = frames; left > 0; left--) {
      const [outlet, socket] = [this.#outlet, this.#socket];
      if (!outlet || !socket) return;
      const frame = outlet.next();
      if (frame !== undefined) socket.onmessage?.({ data: frame });
      else if (outlet.end) return this.#hangUp(outlet.end.code, outlet.end.reason);
      else return;
    }
  }

  /** The network, or the server's process, is gone. */
  cut(): void {
    this.#hangUp(LOST, "");
  }

  /** Time passes for its program. */
  advance(ms: number): void {
    this.#clock.advance(ms);
  }

  #hangUp(code: number, reason: string): void {
    const socket = this.#socket;
    socket?.left();
    this.connection = this.#outlet = undefined;
    socket?.drop(code, reason);
  }

  #deliver(item: ServerItem): void {
    this.#options.trace.note(item.case, this.userId);
    this.#options.witness.deliver(this.userId, item);
  }

  #answered({ entry, status, result, error }: OutboxChange): void {
    const { witness } = this.#options;
    if (status === "stored") {
      this.counts.sdkStored++;
      const place = result as { seq?: number; stream?: number };
      if (place.seq && place.stream) {
        witness.acknowledge(
          KINDS[entry.name as keyof typeof KINDS],
          place as Required<typeof place>,
          entry.key,
        );
        if (entry.name === "sendMessage") {
          witness.demandText(place as Required<typeof place>, (entry.body as { text: string }).text);
        }
      }
    } else if (status === "refused") {
      this.counts.sdkRefused++;
      demand(error!.code !== "unauthenticated", "an ended session has used up a command");
      const { text } = entry.body as { text?: string };
      if (entry.name === "sendMessage") witness.refuse(text!);
    }
  }
}
