/** Messages that are answered and not among those that are loaded: asked for once, and again when they were changed. @module */
import { asRookeryError, isTransient } from "../../../client/error.ts";
import type { Message, RookeryClient } from "../../../client/mod.ts";
import { FrameSignal } from "../shell/frame_signal.ts";

/** More than can be drawn at once, or what is drawn would push itself out. */
const HELD_MAX = 1000;

export class Quotes {
  readonly #client: RookeryClient;
  readonly #frame = new FrameSignal();
  /** By channel and number; undefined while it is on its way, and when there is none. */
  readonly #held = new Map<string, Message | undefined>();

  constructor(client: RookeryClient) {
    this.#client = client;
    client.on("event", ({ stream, body }) => {
      if (body.case !== "messageEdited" && body.case !== "messageDeleted") return;
      if (this.#held.delete(keyOf(stream, body.value.messageSeq))) this.#frame.touch();
    });
    client.on("reload", ({ stream }) => this.#forget(stream));
    client.on("channel", ({ channelId, change }) => change === "lost" && this.#forget(channelId));
    client.on("state", ({ name }) => name === "live" && this.#frame.touch());
  }

  /** The message, if it is here. Whoever draws with it draws again when it is, or is another. */
  get(channelId: number, seq: number): Message | undefined {
    this.#frame.watch();
    const key = keyOf(channelId, seq);
    if (!this.#held.has(key)) void this.#ask(channelId, seq);
    return this.#held.get(key);
  }

  async #ask(channelId: number, seq: number): Promise<void> {
    const { name } = this.#client.state;
    // What is drawn asks again when there is a connection.
    if (name !== "live" && name !== "catching-up") return;
    const key = keyOf(channelId, seq);
    const [oldest] = this.#held.keys();
    if (this.#held.size >= HELD_MAX) this.#held.delete(oldest!);
    this.#held.set(key, undefined);
    try {
      const { messages } = await this.#client.history(channelId, { around: seq, limit: 1 });
      // Forgotten meanwhile: it was changed, and this may be what it was before.
      if (!this.#held.has(key)) return;
      this.#held.set(key, messages.find((message) => message.seq === seq));
      this.#frame.touch();
    } catch (error) {
      // What was refused would be refused again.
      if (isTransient(asRookeryError(error))) this.#held.delete(key);
    }
  }

  #forget(channelId: number): void {
    for (const key of [...this.#held.keys()]) if (key.startsWith(`${channelId}/`)) this.#held.delete(key);
    this.#frame.touch();
  }
}

function keyOf(channelId: number, seq: number): string {
  return `${channelId}/${seq}`;
}
