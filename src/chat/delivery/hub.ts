/**
 * Streams to subscribers. An event is encoded once per wire format; everybody
 * who is owed the same items in a turn is handed the same bytes. Those who are
 * behind are left out, until a replay has brought them up to date.
 *
 * @module
 */
import type { Event } from "../event.ts";
import type { Limits } from "../limits.ts";
import type { Chunk, Clock, EventReader, ItemEncoder, Log, Loop } from "../ports.ts";
import { Replays } from "./replays.ts";
import type { ServerItem } from "../reply.ts";
import type { HubCounters } from "../stats.ts";
import { Published, Stream } from "./stream.ts";
import type { Subscriber } from "./subscriber.ts";
import { Turns } from "./turns.ts";

interface Dependencies {
  readonly encoders: readonly ItemEncoder[];
  readonly reader: EventReader;
  readonly limits: Limits;
  readonly clock: Clock & Loop;
  readonly log: Log;
}

/** Streams without subscribers that stay remembered, for those who come back, and bytes of their recent events. */
const IDLE_STREAMS = 1000;
const IDLE_BYTES = 32 * 1024 * 1024;
/** Once a subscriber's answers are as large, they do not wait for more. */
const FRAME_BYTES = 64 * 1024;

export class Hub {
  readonly #deps: Dependencies;
  readonly #streams = new Map<number, Stream>();
  /** Bytes of each by its id, that of the longest quiet first. */
  readonly #idle = new Map<number, number>();
  #idleBytes = 0;
  #changed: Stream[] = [];
  readonly #turns: Turns;
  readonly #replays: Replays;
  /** Events given to subscribers as they happened. */
  #deliveries = 0;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
    const { encoders, clock: loop, limits: { turnFrames } } = dependencies;
    this.#turns = new Turns({
      encoders,
      loop,
      turnFrames,
      onFull: (subscriber) => this.#replays.lag(subscriber),
    });
    this.#replays = new Replays({
      ...dependencies,
      turns: this.#turns,
      streams: this.#streams,
      open: (streamId) => this.#open(streamId),
      handOut: (stream) => this.#handOut(stream),
      flush: () => this.flush(),
    });
  }

  /** Frames and bytes sent, events given to subscribers, and how often one was left out or told to reload. */
  get counters(): HubCounters {
    const { deliveries, ...counters } = this.#replays.counters;
    return { ...this.#turns.counters, ...counters, deliveries: this.#deliveries + deliveries };
  }

  /** Other limits of replays; how many frames a turn has stays as it was. */
  set limits(limits: Limits) {
    this.#replays.limits = limits;
  }

  /** Newest published event of a stream. */
  head(stream: number): number {
    return this.#streams.get(stream)?.head ?? this.#deps.reader.head(stream);
  }

  /** Connections that receive a stream. */
  audience(stream: number): number {
    return this.#streams.get(stream)?.subscribers.size ?? 0;
  }

  /** Streams in memory. */
  get streamCount(): number {
    return this.#streams.size;
  }

  /** Subscribers that are behind. */
  get behindCount(): number {
    return this.#replays.size;
  }

  /** Subscribers whose frame waits for its turn. */
  get dueCount(): number {
    return this.#turns.dueCount;
  }

  /** {@link subscribe} to many, with one statement for those that nobody received so far. */
  subscribeAll(subscriber: Subscriber, streamIds: readonly number[]): void {
    const unknown = streamIds.filter((id) => !this.#streams.has(id));
    const heads = unknown.length === 0 ? [] : this.#deps.reader.heads(unknown);
    unknown.forEach((id, at) => this.#streams.set(id, new Stream(id, heads[at]!)));
    for (const id of streamIds) this.subscribe(subscriber, id);
  }

  /** Gives a subscriber every event of the stream from the next one on. */
  subscribe(subscriber: Subscriber, streamId: number): void {
    const stream = this.#open(streamId);
    this.#handOut(stream);
    stream.subscribers.add(subscriber);
    subscriber.streams.add(streamId);
    subscriber.behind?.set(streamId, stream.head);
  }

  /** Gives nothing more of the stream, not even what this turn has published. */
  unsubscribe(subscriber: Subscriber, streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (!stream) return;
    this.#handOut(stream);
    stream.subscribers.delete(subscriber);
    subscriber.streams.delete(streamId);
    subscriber.behind?.delete(streamId);
    if (stream.subscribers.size === 0) this.#letIdle(stream);
  }

  /** Sends a subscriber what it was given so far, then nothing any more. */
  leave(subscriber: Subscriber): void {
    for (const streamId of [...subscriber.streams]) this.unsubscribe(subscriber, streamId);
    this.#replays.leave(subscriber);
    this.#turns.sendNow(subscriber);
  }

  /** Adds a committed event to its stream. Subscribers get it with {@link flush}. */
  publish(event: Event): void {
    const stream = this.#streams.get(event.stream);
    // A stream that nobody has asked for is read from the log when somebody does.
    if (!stream || event.seq <= stream.head) return;
    if (event.seq !== stream.head + 1) {
      this.#deps.log.report("stream_hole", { stream: stream.id, head: stream.head, seq: event.seq });
      this.#setBehind(stream);
      return;
    }
    if (stream.run.length === 0) this.#changed.push(stream);
    stream.append(new Published(event, this.#deps.encoders));
  }

  /** Gives a stream's new events to its subscribers now, in front of what is pushed next. */
  handOut(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream) this.#handOut(stream);
  }

  /** Puts one item of its own into a subscriber's next frame. */
  push(subscriber: Subscriber, item: ServerItem): void {
    this.#turns.owe(subscriber, this.#deps.encoders[subscriber.format]!.encode(item));
  }

  /**
   * Like {@link push}, for answers. Many of them do not wait for the turn's end: only what has been sent counts
   * against the outlet's room, and one frame may ask for hundreds of pages.
   */
  answer(subscriber: Subscriber, item: ServerItem): void {
    const chunk = this.#deps.encoders[subscriber.format]!.encode(item);
    this.#turns.owe(subscriber, chunk);
    subscriber.answeredBytes += chunk.byteLength;
    if (subscriber.answeredBytes < FRAME_BYTES) return;
    subscriber.answeredBytes = 0;
    if (!this.#turns.sendNow(subscriber)) this.#replays.lag(subscriber);
  }

  /** Puts one item into the next frame of many. */
  pushAll(subscribers: Iterable<Subscriber>, item: ServerItem): void {
    const chunks: Chunk[] = [];
    for (const subscriber of subscribers) {
      const { format } = subscriber;
      this.#turns.owe(subscriber, chunks[format] ??= this.#deps.encoders[format]!.encode(item));
    }
  }

  /** Sends one frame to everybody who has something coming: some now, the others when the loop has had its turn. */
  flush(): void {
    this.#handOutChanged();
    this.#turns.begin();
  }

  /** Sends everything now. */
  drain(): void {
    this.#handOutChanged();
    this.#turns.drain();
  }

  /** Brings a subscriber from its cursors to the present in this one step; see {@link Replays.resume}. */
  resume(subscriber: Subscriber, cursors: ReadonlyMap<number, number>, onCaughtUp: () => void): void {
    this.#replays.resume(subscriber, cursors, onCaughtUp);
  }

  /** Sends what is pending and stops the clock. */
  close(): void {
    this.drain();
    this.#replays.close();
  }

  /** Everybody who receives the stream reads it from the log. */
  #setBehind(stream: Stream): void {
    this.#handOut(stream);
    const before = stream.head;
    stream.head = this.#deps.reader.head(stream.id);
    stream.forget();
    this.#replays.lagAll(stream, before);
  }

  #open(streamId: number): Stream {
    let stream = this.#streams.get(streamId);
    if (!stream) {
      stream = new Stream(streamId, this.#deps.reader.head(streamId));
      this.#streams.set(streamId, stream);
    }
    this.#forgetIdle(streamId);
    return stream;
  }

  #letIdle(stream: Stream): void {
    this.#forgetIdle(stream.id);
    this.#idle.set(stream.id, stream.recentBytes);
    this.#idleBytes += stream.recentBytes;
    while (this.#idle.size > IDLE_STREAMS || this.#idleBytes > IDLE_BYTES) {
      const [oldest] = this.#idle.keys();
      this.#forgetIdle(oldest!);
      this.#streams.delete(oldest!);
    }
  }

  #forgetIdle(streamId: number): void {
    this.#idleBytes -= this.#idle.get(streamId) ?? 0;
    this.#idle.delete(streamId);
  }

  /** Gives the stream's new events to those who receive it now. */
  #handOut(stream: Stream): void {
    const { run } = stream;
    if (run.length === 0) return;
    stream.run = [];
    const chunks: Chunk[] = [];
    for (const subscriber of stream.subscribers) {
      if (subscriber.behind) continue;
      const { format } = subscriber;
      this.#turns.owe(subscriber, chunks[format] ??= this.#joined(run, format));
      this.#deliveries += run.length;
    }
    stream.remember(run);
    if (this.#idle.has(stream.id)) this.#letIdle(stream);
  }

  #joined(run: readonly Published[], format: number): Chunk {
    if (run.length === 1) return run[0]!.chunk(format);
    return this.#deps.encoders[format]!.join(run.map((published) => published.chunk(format)));
  }

  #handOutChanged(): void {
    for (const stream of this.#changed) this.#handOut(stream);
    this.#changed = [];
  }
}
