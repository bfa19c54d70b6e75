/** One's own messages that are not in the channel yet: on their way, or refused. @module */
import { newKey, type OutboxChange, type OutboxEntry, type RookeryClient } from "../../client/mod.ts";
import type { Stored } from "../../client/mod.ts";
import { refusal } from "../i18n/refusal.ts";
import { Pulse } from "./pulse.ts";
import { store, stored } from "./storage.ts";

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
  readonly #name: string;
  readonly #pulse = new Pulse();
  #refused: OutgoingMessage[];
  /** Stored, and not seen in the channel yet. */
  #arriving: OutgoingMessage[] = [];

  constructor(client: RookeryClient, userId: number) {
    this.#client = client;
    this.#name = `refused:${userId}`;
    this.#refused = stored<OutgoingMessage[]>(this.#name) ?? [];
    client.on("outbox", (change) => this.#changed(change));
    client.on("event", ({ stream, seq }) => {
      if (this.#arriving.length === 0) return;
      this.#arriving = this.#arriving.filter((sent) => sent.channelId !== stream || sent.storedSeq > seq);
      this.#pulse.touch();
    });
  }

  /** Messages for a channel, oldest first. */
  in(channelId: number): OutgoingMessage[] {
    this.#pulse.watch();
    const waiting = this.#client.pending().map(messageOf).filter((message) => message !== undefined);
    return [...this.#arriving, ...this.#refused, ...waiting]
      .filter((message) => message.channelId === channelId)
      .sort((a, b) => a.key < b.key ? -1 : 1);
  }

  /** Messages that wait for a connection, over all channels. */
  waiting(): number {
    this.#pulse.watch();
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
    this.discard(key);
    const { channelId, text, replyTo } = message;
    this.#client.sendMessage(channelId, text, { replyTo, key: newKey(Date.now()) }).catch(() => {});
  }

  /** Gives a message up. */
  discard(key: string): void {
    if (!this.#client.discard(key)) this.#keepRefused(this.#refused.filter((message) => message.key !== key));
    this.#pulse.touch();
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
      this.#keepRefused([...this.#refused, { ...message, refusal: error ? refusal(error) : "" }]);
    }
    this.#pulse.touch();
  }

  #keepRefused(refused: OutgoingMessage[]): void {
    this.#refused = refused;
    store(this.#name, refused.length > 0 ? refused : undefined);
  }
}

function messageOf({ key, name, body, createdMs }: OutboxEntry): OutgoingMessage | undefined {
  if (name !== "sendMessage") return undefined;
  const { channelId = 0, text = "", replyTo = 0 } = body as Partial<OutgoingMessage>;
  return { key, channelId, text, replyTo, createdMs, storedSeq: 0, refusal: "" };
}
