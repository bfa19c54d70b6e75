/**
 * Those who are behind: left out of live delivery while their peer is slow or
 * has been away, and brought up to date from the log when there is room, so
 * that nobody waits for anybody and no queue grows.
 *
 * @module
 */
import type { Limits } from "./limits.ts";
import type { Clock, EventReader, ItemEncoder, Log } from "./ports.ts";
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
    let budget = this.limits.replayBytes;
    for (const [streamId, seq] of [...subscriber.behind!]) {
      const replayed = this.#replay(subscriber, { stream: this.#deps.open(streamId), after: seq, budget });
      budget -= replayed.bytes;
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
    { stream, after, budget }: { stream: Stream; after: number; budget: number },
  ): { seq: number; bytes: number; room: boolean } {
    const { turns, encoders } = this.#deps;
    this.#deps.handOut(stream);
    if (after === stream.head) return { seq: after, bytes: 0, room: true };
    const missed = budget > 0 ? this.#missed(stream, after) : undefined;
    if (!missed) {
      this.counters.reloads++;
      const value = { stream: stream.id, headSeq: stream.head };
      turns.owe(subscriber, encoders[subscriber.format]!.encode({ case: "reload", value }));
      subscriber.onReload?.(stream.id);
      return { seq: stream.head, bytes: 0, room: true };
    }
    const { format } = subscriber;
    let bytes = 0;
    let frameBytes = 0;
    for (const published of missed) {
      // The end of a replay shares its frame with what follows.
      if (frameBytes >= FRAME_BYTES) {
        frameBytes = 0;
        if (!turns.sendNow(subscriber)) return { seq: published.event.seq - 1, bytes, room: false };
      }
      const chunk = published.chunk(format);
      turns.owe(subscriber, chunk);
      this.counters.deliveries++;
      frameBytes += chunk.byteLength;
      bytes += chunk.byteLength;
    }
    return { seq: stream.head, bytes, room: true };
  }

  /** Events after the cursor; undefined when they are too many or the cursor is not of this log. */
  #missed(stream: Stream, after: number): Published[] | undefined {
    const count = stream.head - after;
    if (count < 0 || count > this.limits.replayEvents) return undefined;
    const recent = stream.recentAfter(after);
    if (recent) return recent;
    const events = this.#deps.reader.events(stream.id, { after, upTo: stream.head, limit: count });
    if (events.length !== count) return undefined;
    return events.map((event) => new Published(event, this.#deps.encoders));
  }
}
