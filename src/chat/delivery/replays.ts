/**
 * Those who are behind: left out of live delivery while their peer is slow or
 * has been away, and brought up to date from the log when there is room, so
 * that nobody waits for anybody and no queue grows.
 *
 * @module
 */
import type { Limits } from "../limits.ts";
import type { Clock, EventReader, ItemEncoder, Log } from "../ports.ts";
import { Published, type Stream } from "./stream.ts";
import type { Subscriber } from "./subscriber.ts";
import type { Turns } from "./turns.ts";

interface Dependencies {
  readonly encoders: readonly ItemEncoder[];
  readonly reader: EventReader;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  readonly turns: Turns;
  /** Those that somebody receives, at least. */
  readonly streams: ReadonlyMap<number, Stream>;
  /** A stream, whether or not it is among them. */
  open(streamId: number): Stream;
  /** Gives the stream's new events to those who receive it live. */
  handOut(stream: Stream): void;
  /** Sends what everybody is owed. */
  flush(): void;
}

const RETRY_BEHIND_MS = 50;
/** Once a replay is as large, it does not wait for more. */
const FRAME_BYTES = 64 * 1024;
/**
 * Events that are read at first. Each piece is twice as large as the one before, so that a peer that takes little at a time
 * has no more read for it in vain than it takes.
 */
const FIRST_PIECE = 8;

export class Replays {
  limits: Limits;
  readonly counters = { deliveries: 0, fellBehind: 0, reloads: 0 };
  readonly #deps: Dependencies;
  readonly #behind = new Set<Subscriber>();
  #cancelRetry: (() => void) | undefined;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
    this.limits = dependencies.limits;
  }

  /** Subscribers that are behind. */
  get size(): number {
    return this.#behind.size;
  }

  /**
   * Brings a subscriber from its cursors to the present in this one step, so
   * that no event falls between replay and live. Streams that are too far
   * behind get a Reload. What does not fit the socket follows later.
   */
  resume(subscriber: Subscriber, cursors: ReadonlyMap<number, number>, onCaughtUp: () => void): void {
    subscriber.onCaughtUp.push(onCaughtUp);
    this.#fallBehind(subscriber, cursors);
    this.#catchUp(subscriber);
  }

  /** Forgets a subscriber. */
  leave(subscriber: Subscriber): void {
    this.#behind.delete(subscriber);
  }

  /** Forgets all of them, and stops the clock. */
  close(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#behind.clear();
  }

  /** A subscriber has no room for more. */
  lag(subscriber: Subscriber): void {
    if (subscriber.behind) return;
    this.counters.fellBehind++;
    this.#fallBehind(subscriber, new Map());
  }

  /** Everybody who receives the stream live reads what comes after this event from the log. */
  lagAll(stream: Stream, seq: number): void {
    for (const subscriber of stream.subscribers) {
      if (!subscriber.behind) this.#fallBehind(subscriber, new Map([[stream.id, seq]]));
    }
  }

  /** Leaves a subscriber out of live delivery; streams without a cursor continue where they are. */
  #fallBehind(subscriber: Subscriber, cursors: ReadonlyMap<number, number>): void {
    if (!subscriber.behind) subscriber.replayedBytes = 0;
    subscriber.behind ??= new Map();
    for (const streamId of subscriber.streams) {
      const stream = this.#deps.streams.get(streamId)!;
      // Runs that were not handed out yet have not reached anybody.
      subscriber.behind.set(streamId, cursors.get(streamId) ?? stream.head - stream.run.length);
    }
    this.#behind.add(subscriber);
    this.#scheduleRetry();
  }

  #scheduleRetry(): void {
    if (this.#behind.size === 0 || this.#cancelRetry) return;
    this.#cancelRetry = this.#deps.clock.after(RETRY_BEHIND_MS, () => {
      this.#cancelRetry = undefined;
      try {
        for (const subscriber of [...this.#behind]) this.#catchUp(subscriber);
        this.#deps.flush();
      } finally {
        // Whatever one of them does, the others are not forgotten.
        this.#scheduleRetry();
      }
    });
  }

  #catchUp(subscriber: Subscriber): void {
    try {
      this.#replayAll(subscriber);
    } catch (error) {
      // It stays behind, at the last event it was given, and is tried again.
      this.#deps.log.report("replay_failed", { error });
    }
  }

  #replayAll(subscriber: Subscriber): void {
    if (!subscriber.outlet.ready) return;
    for (const [streamId, seq] of [...subscriber.behind!]) {
      const replayed = this.#replay(subscriber, this.#deps.open(streamId), seq);
      subscriber.replayedBytes += replayed.bytes;
      subscriber.behind!.set(streamId, replayed.seq);
      if (!replayed.room) return;
    }
    this.#behind.delete(subscriber);
    subscriber.behind = undefined;
    const { onCaughtUp } = subscriber;
    subscriber.onCaughtUp = [];
    for (const callback of onCaughtUp) callback();
  }

  #replay(
    subscriber: Subscriber,
    stream: Stream,
    after: number,
  ): { seq: number; bytes: number; room: boolean } {
    this.#deps.handOut(stream);
    const { replayEvents, replayBytes } = this.limits;
    const missing = stream.head - after;
    if (missing === 0) return { seq: after, bytes: 0, room: true };
    const tooMuch = missing > replayEvents || subscriber.replayedBytes >= replayBytes;
    if (missing < 0 || tooMuch) return this.#reload(subscriber, stream);
    const sent = { seq: after, bytes: 0, frameBytes: 0 };
    for (let limit = FIRST_PIECE; sent.seq < stream.head; limit *= 2) {
      const piece = this.#piece(stream, sent.seq, limit);
      if (!piece) return this.#reload(subscriber, stream);
      if (!this.#owe(subscriber, piece, sent)) return { ...sent, room: false };
    }
    return { ...sent, room: true };
  }

  /** Puts events into frames and sends those that are full; false when there is no room for the rest of them. */
  #owe(
    subscriber: Subscriber,
    piece: readonly Published[],
    sent: { seq: number; bytes: number; frameBytes: number },
  ): boolean {
    const { turns } = this.#deps;
    for (const published of piece) {
      // The end of a replay shares its frame with what follows.
      if (sent.frameBytes >= FRAME_BYTES) {
        sent.frameBytes = 0;
        if (!turns.sendNow(subscriber)) return false;
      }
      const chunk = published.chunk(subscriber.format);
      turns.owe(subscriber, chunk);
      this.counters.deliveries++;
      sent.seq = published.event.seq;
      sent.frameBytes += chunk.byteLength;
      sent.bytes += chunk.byteLength;
    }
    return true;
  }

  /** The stream is too far behind: its client loads it anew. */
  #reload(subscriber: Subscriber, { id, head }: Stream): { seq: number; bytes: number; room: boolean } {
    this.counters.reloads++;
    const item = { case: "reload", value: { stream: id, headSeq: head } } as const;
    this.#deps.turns.owe(subscriber, this.#deps.encoders[subscriber.format]!.encode(item));
    subscriber.onReload?.(id);
    return { seq: head, bytes: 0, room: true };
  }

  /** The first events after the cursor, one at least; undefined when there is a hole. */
  #piece(stream: Stream, after: number, limit: number): Published[] | undefined {
    const recent = stream.recentAfter(after);
    // An empty piece would be asked for again and again.
    if (recent) return recent.length > 0 ? recent : undefined;
    const upTo = Math.min(stream.head, after + limit);
    const events = this.#deps.reader.events(stream.id, { after, upTo, limit });
    if (events.length !== upTo - after) return undefined;
    return events.map((event) => new Published(event, this.#deps.encoders));
  }
}
