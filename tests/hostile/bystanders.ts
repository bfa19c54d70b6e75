/** Two who talk all the time, and what they notice of an attack. @module */
import { deepEqual, ok } from "node:assert/strict";
import { fromBinary } from "@bufbuild/protobuf";
import { ServerFrameSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { WireSocket } from "../server/wire_socket.ts";
import type { Account, Target } from "./target.ts";

/** No message may be longer on its way, whatever happens. */
const LATE_MS = 5000;
/** Between a message's arrival and the next one. */
const PAUSE_MS = 15;
const CALM_MESSAGES = 20;
/** The median under attack may be so much worse than in calm times, which allows for a busy machine. */
const TIMES_SLOWER = 20;
const SLOWER_MS = 500;

export class Bystanders implements AsyncDisposable {
  readonly #writer: WireSocket;
  readonly #reader: WireSocket;
  readonly #writerId: number;
  readonly channelId: number;
  readonly #talk: Promise<void>;
  #over = false;
  #sent = 0;
  /** Texts that came, and what they should have been, where the two differ. */
  readonly #wrong: string[] = [];
  #arrived = 0;
  #onArrival: () => void = () => {};
  #latencies: number[] = [];
  #calmMs = 0;
  #failure: Error | undefined;

  private constructor(
    sockets: { writer: WireSocket; reader: WireSocket },
    writer: Account,
    channelId: number,
  ) {
    this.#writer = sockets.writer;
    this.#reader = sockets.reader;
    this.#writerId = writer.userId;
    this.channelId = channelId;
    this.#reader.socket.onmessage = ({ data }) => this.#hear(data);
    this.#talk = this.#talkOn();
  }

  /** Lets them talk for a while, so that there is something to compare with. */
  static async start(target: Target): Promise<Bystanders> {
    const [writer, reader] = [await target.person("writer"), await target.person("reader")];
    const sockets = {
      writer: await WireSocket.open(target.socketUrl, { token: writer.token }),
      reader: await WireSocket.open(target.socketUrl, { token: reader.token }),
    };
    const { result } = await sockets.reader.reply(1);
    const channelId = result.case === "welcome" ? result.value.channels[0]!.channel!.id : 0;
    const bystanders = new Bystanders(sockets, writer, channelId);
    await bystanders.#messages(CALM_MESSAGES);
    bystanders.#calmMs = median(bystanders.#latencies.splice(0));
    return bystanders;
  }

  /** Fails when a message was lost, doubled, out of order or late since the last time; waits for a few more first. */
  async undisturbed(): Promise<void> {
    await this.#messages(5);
    deepEqual(this.#wrong, []);
    const latencies = this.#latencies.splice(0);
    const worstMs = Math.max(...latencies);
    ok(worstMs <= LATE_MS, `A message took ${Math.round(worstMs)} ms`);
    const boundMs = this.#calmMs * TIMES_SLOWER + SLOWER_MS;
    const medianMs = median(latencies);
    ok(medianMs <= boundMs, `Messages took ${medianMs} ms, in calm times ${this.#calmMs}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#onArrival();
    await this.#talk;
    await Promise.all([this.#writer.close(), this.#reader.close()]);
  }

  async #talkOn(): Promise<void> {
    while (!this.#over) {
      const text = `message ${this.#sent++}`;
      const beforeMs = performance.now();
      try {
        this.#writer.send({ body: { case: "sendMessage", value: { channelId: this.channelId, text } } });
        await this.#arrival();
      } catch (error) {
        this.#failure = error as Error;
        return;
      }
      this.#latencies.push(performance.now() - beforeMs);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #arrival(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      while (this.#arrived < this.#sent && !this.#over) {
        await new Promise<void>((resolve, reject) => {
          this.#onArrival = resolve;
          clearTimeout(timer);
          timer = setTimeout(() => reject(new Error(`Not within ${2 * LATE_MS} ms: a message`)), 2 * LATE_MS);
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until so many more were sent and have arrived. */
  async #messages(count: number): Promise<void> {
    for (const until = this.#arrived + count; this.#arrived < until;) {
      if (this.#failure) throw this.#failure;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  #hear(data: ArrayBuffer): void {
    for (const { item } of fromBinary(ServerFrameSchema, new Uint8Array(data)).items) {
      if (item.case !== "event" || item.value.actorId !== this.#writerId) continue;
      if (item.value.body.case !== "messageSent") continue;
      const expected = `message ${this.#arrived++}`;
      const { text } = item.value.body.value;
      if (text !== expected) this.#wrong.push(`${text} instead of ${expected}`);
      this.#onArrival();
    }
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
