/**
 * One stream as the hub knows it: its published head, who receives it, and
 * its recent events, kept encoded so that a storm of reconnects reads no disk.
 *
 * @module
 */
import type { Event } from "../event.ts";
import type { Chunk, ItemEncoder } from "../ports.ts";
import type { Subscriber } from "./subscriber.ts";

const RECENT_EVENTS = 1024;
const RECENT_BYTES = 256 * 1024;

/** An event with its encodings, made when first needed. */
export class Published {
  readonly event: Event;
  readonly #encoders: readonly ItemEncoder[];
  readonly #chunks: (Chunk | undefined)[] = [];

  constructor(event: Event, encoders: readonly ItemEncoder[]) {
    this.event = event;
    this.#encoders = encoders;
  }

  chunk(format: number): Chunk {
    return this.#chunks[format] ??= this.#encoders[format]!.encode({ case: "event", value: this.event });
  }

  /** Bytes that it keeps in memory, roughly: fixed when it is remembered. */
  rememberedBytes = 0;

  /** Counts the text and the encodings made so far. */
  weigh(): number {
    const { body } = this.event;
    const text = body.case === "messageSent" || body.case === "messageEdited" ? body.value.text.length : 0;
    this.rememberedBytes = this.#chunks.reduce((sum, chunk) => sum + (chunk?.byteLength ?? 0), 128 + text);
    return this.rememberedBytes;
  }
}

export class Stream {
  readonly id: number;
  readonly subscribers = new Set<Subscriber>();
  /** Newest published event. */
  head: number;
  /** Published events that the subscribers have not been given yet. */
  run: Published[] = [];
  /** Newest events, ascending without gaps, ending at the head. */
  #recent: Published[] = [];
  #recentBytes = 0;

  constructor(id: number, head: number) {
    this.id = id;
    this.head = head;
  }

  /** Bytes that the recent events keep in memory, roughly. */
  get recentBytes(): number {
    return this.#recentBytes;
  }

  /** Takes the next event. */
  append(published: Published): void {
    this.head = published.event.seq;
    this.run.push(published);
  }

  /** Remembers events that were given out. */
  remember(run: readonly Published[]): void {
    for (const published of run) {
      const kind = published.event.body.case;
      // Replays carry the present text, so older encodings of the stream are no longer true.
      if (kind === "messageEdited" || kind === "messageDeleted") this.forget();
      this.#recent.push(published);
      this.#recentBytes += published.weigh();
    }
    let drop = 0;
    while (
      drop < this.#recent.length &&
      (this.#recent.length - drop > RECENT_EVENTS || this.#recentBytes > RECENT_BYTES)
    ) {
      this.#recentBytes -= this.#recent[drop++]!.rememberedBytes;
    }
    if (drop > 0) this.#recent.splice(0, drop);
  }

  /** Forgets the recent events. */
  forget(): void {
    this.#recent = [];
    this.#recentBytes = 0;
  }

  /** Every event after `seq`; undefined when some are not remembered. */
  recentAfter(seq: number): Published[] | undefined {
    if (seq >= this.head) return [];
    const first = this.#recent[0]?.event.seq;
    if (first === undefined || first > seq + 1) return undefined;
    return this.#recent.slice(seq + 1 - first);
  }
}
