/** One's own messages that are not in the channel yet: on their way, or refused. @module */
import { type OutboxChange, type OutboxEntry, type RookeryClient } from "../../../client/mod.ts";
import type { Stored } from "../../../client/mod.ts";
import { refusal } from "../../i18n/refusal.ts";
import { FrameSignal } from "../shell/frame_signal.ts";
import { onStored, store, stored, storedNames } from "../shell/storage.ts";

export interface OutgoingMessage {
  readonly key: string;
  readonly channelId: number;
  readonly text: string;
  readonly replyTo: number;
  readonly createdMs: number;
  /** The server has it; it appears in the channel under this number. */
  readonly storedSeq: number;
  /** Why the server did not take it; empty when it was not asked yet. */
  readonly refusal: string;
}

export class Outgoing {
  readonly #client: RookeryClient;
  /** Each refused message has a name of its own, so that tabs do not overwrite each other's. */
  readonly #prefix: string;
  readonly #frame = new FrameSignal();
  #refused: readonly OutgoingMessage[] = [];
  /** Stored, and not seen in the channel yet. */
  #arriving: OutgoingMessage[] = [];

  readonly #heardRefusal: (message: OutgoingMessage) => void;

  /** What other tabs keep is heard until the signal is aborted. `refused` is told of what this tab has sent. */
  constructor(client: RookeryClient, userId: number, { signal, refused }: {
    signal: AbortSignal;
    refused: (message: OutgoingMessage) => void;
  }) {
    this.#client = client;
    this.#heardRefusal = refused;
    this.#prefix = `refused:${userId}:`;
    this.#readRefused();
    onStored(signal, (name) => name.startsWith(this.#prefix) && this.#readRefused());
    client.on("outbox", (change) => this.#changed(change));
    const arrived = (stream: number, seq: number) => {
      if (this.#arriving.length === 0) return;
      this.#arriving = this.#arriving.filter((sent) => sent.channelId !== stream || sent.storedSeq > seq);
      this.#frame.touch();
    };
    client.on("event", ({ stream, seq }) => arrived(stream, seq));
    client.on("reload", ({ stream, headSeq }) => arrived(stream, headSeq));
  }

  /** Messages for a channel, oldest first. */
  in(channelId: number): OutgoingMessage[] {
    this.#frame.watch();
    const waiting = this.#client.pending().map(messageOf).filter((message) => message !== undefined);
    return [...this.#arriving, ...this.#refused, ...waiting]
      .filter((message) => message.channelId === channelId)
      .sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /** Channels with messages that the server did not take. */
  get refusedIn(): ReadonlySet<number> {
    this.#frame.watch();
    return new Set(this.#refused.map(({ channelId }) => channelId));
  }

  /** Messages that wait for a connection, over all channels. */
  waiting(): number {
    this.#frame.watch();
    return this.#client.pending().filter(({ name }) => name === "sendMessage").length;
  }

  send(channelId: number, text: string, replyTo: number): void {
    // What becomes of it is heard through the outbox, also of those sent before a reload.
    this.#client.sendMessage(channelId, text, { replyTo }).catch(() => {});
  }

  /** Sends a refused message once more, under a new key: the old one was answered. */
  retry(key: string): void {
    const message = this.#refused.find((refused) => refused.key === key);
    if (!message) return;
    const { channelId, text, replyTo } = message;
    this.#client.sendMessage(channelId, text, { replyTo }).catch(() => {});
    this.discard(key);
  }

  /** Gives a message up. */
  discard(key: string): void {
    if (!this.#client.discard(key)) this.#keep(key, undefined);
    this.#frame.touch();
  }

  #changed({ entry, status, result, error }: OutboxChange): void {
    const message = messageOf(entry);
    if (!message) return;
    if (status === "stored") {
      const { seq } = result as Stored;
      const headSeq = this.#client.replica.channels.get(message.channelId)?.headSeq ?? 0;
      if (seq > headSeq) this.#arriving = [...this.#arriving, { ...message, storedSeq: seq }];
    }
    if (status === "refused") {
      const refused = { ...message, refusal: error ? refusal(error) : "" };
      this.#keep(entry.key, refused);
      this.#heardRefusal(refused);
    }
    this.#frame.touch();
  }

  #keep(key: string, refused: OutgoingMessage | undefined): void {
    store(this.#prefix + key, refused);
    this.#readRefused();
  }

  #readRefused(): void {
    this.#refused = storedNames(this.#prefix)
      .map((name) => stored<OutgoingMessage>(name))
      .filter((message) => message !== undefined);
    this.#frame.touch();
  }
}

function messageOf({ key, name, body, createdMs }: OutboxEntry): OutgoingMessage | undefined {
  if (name !== "sendMessage") return undefined;
  const { channelId = 0, text = "", replyTo = 0 } = body as Partial<OutgoingMessage>;
  return { key, channelId, text, replyTo, createdMs, storedSeq: 0, refusal: "" };
}
