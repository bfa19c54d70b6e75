/**
 * What came, held against what should have: loss, doubles, order, latency.
 * This runs for every delivery, up to millions a second, so it makes no objects.
 *
 * @module
 */
import { nowUs } from "./clock.ts";
import { isEvent, type Place } from "./frames.ts";
import { intendedUsOf } from "./text.ts";
import type { Timeline } from "./timeline.ts";

/** A channel's messages as the first receiver read them, by number: the others find the same bytes. */
class ChannelLog {
  readonly channel: number;
  #first = -1;
  /** Intended times, microseconds; -1 where the message is not known yet. */
  #us = new Float64Array(1024).fill(-1);
  #size = new Uint16Array(1024);
  readonly #event: { streamAt: number; stream: number; seqAt: number; seq: number };

  constructor(channel: number) {
    this.channel = channel;
    this.#event = { streamAt: 0, stream: channel, seqAt: 0, seq: 0 };
  }

  /** Intended time of a message; -1 when it is not known yet. */
  intendedUs(seq: number): number {
    const at = seq - this.#first;
    return this.#first < 0 || at < 0 || at >= this.#us.length ? -1 : this.#us[at]!;
  }

  learn(seq: number, us: number, place?: Place): void {
    if (this.#first < 0) this.#first = Math.max(0, seq - 256);
    const at = seq - this.#first;
    if (at < 0) return;
    if (at >= this.#us.length) this.#grow(at + 1);
    this.#us[at] = us;
    if (!place) return;
    const { from, to, streamAt, seqAt } = place;
    // Sizes of numbers change seldom: whatever has other places is read item by item.
    this.#event.streamAt = streamAt - from;
    this.#event.seqAt = seqAt - from;
    this.#size[at] = to - from;
  }

  /** Bytes of the message if it stands here just as it was read before; otherwise 0. */
  sizeAt(bytes: Uint8Array, at: number, seq: number): number {
    const index = seq - this.#first;
    const size = index >= 0 && index < this.#size.length ? this.#size[index]! : 0;
    if (size === 0 || at + size > bytes.length) return 0;
    this.#event.seq = seq;
    return isEvent(bytes, at, this.#event) ? size : 0;
  }

  #grow(length: number): void {
    const us = new Float64Array(Math.max(2 * this.#us.length, length)).fill(-1);
    us.set(this.#us);
    const size = new Uint16Array(us.length);
    size.set(this.#size);
    this.#us = us;
    this.#size = size;
  }
}

/** One channel as one receiver has it. */
class Track {
  readonly log: ChannelLog;
  last = 0;

  constructor(log: ChannelLog) {
    this.log = log;
  }
}

export interface Counts {
  /** Deliveries of messages, those of the warm-up too. */
  delivered: number;
  /** Deliveries of measured messages. */
  received: number;
  doubled: number;
  reordered: number;
  /** Numbers that were passed over. */
  holes: number;
  /** Times that the server said it has skipped something: "reload". */
  reloads: number;
}

export class Tally {
  readonly counts: Counts = { delivered: 0, received: 0, doubled: 0, reordered: 0, holes: 0, reloads: 0 };
  readonly #timeline: Timeline;
  readonly #logs = new Map<number, ChannelLog>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** A receiver; only of timed ones is the latency taken, all are counted. */
  receiver(timed: boolean): Receiver {
    return new Receiver(this.counts, {
      timeline: timed ? this.#timeline : undefined,
      logOf: (channel) => {
        let log = this.#logs.get(channel);
        if (!log) this.#logs.set(channel, log = new ChannelLog(channel));
        return log;
      },
    });
  }
}

export class Receiver {
  readonly #counts: Counts;
  readonly #timeline: Timeline | undefined;
  readonly #logOf: (channel: number) => ChannelLog;
  readonly #tracks = new Map<number, Track>();
  #channel = -1;
  #track: Track | undefined;
  #nowUs = 0;

  constructor(
    counts: Counts,
    options: { timeline: Timeline | undefined; logOf: (channel: number) => ChannelLog },
  ) {
    this.#counts = counts;
    this.#timeline = options.timeline;
    this.#logOf = options.logOf;
  }

  /** A frame has come: everything told until the next has come with it. */
  arrive(): void {
    if (this.#timeline) this.#nowUs = nowUs();
  }

  /**
   * Passes over messages that are the next of their channel and that another
   * receiver has read before; returns where it stopped. All get the same bytes,
   * so their numbers tell the rest.
   */
  pass(bytes: Uint8Array, at: number): number {
    const track = this.#track;
    if (!track || track.last === 0) return at;
    const { log } = track;
    for (;;) {
      const seq = track.last + 1;
      const size = log.sizeAt(bytes, at, seq);
      if (size === 0) return at;
      at += size;
      track.last = seq;
      this.#count(log.intendedUs(seq));
    }
  }

  /** A message with a number, one more than the one before it in its channel. */
  numbered(channel: number, seq: number, text: { bytes: Uint8Array; textAt: number }, place?: Place): void {
    if (channel !== this.#channel) this.#turnTo(channel);
    const track = this.#track!;
    const { last } = track;
    if (seq > last) {
      if (last !== 0 && seq !== last + 1) this.#counts.holes += seq - last - 1;
      track.last = seq;
    } else if (seq === last) this.#counts.doubled++;
    else this.#counts.reordered++;
    let us = track.log.intendedUs(seq);
    if (us < 0) track.log.learn(seq, us = intendedUsOf(text.bytes, text.textAt), place);
    this.#count(us);
  }

  /** The server tells that it has skipped something; a client would load it by other means. */
  reload(): void {
    this.#counts.reloads++;
  }

  /** An event of the channel that is no message but has a number. */
  other(channel: number, seq: number): void {
    if (channel !== this.#channel) this.#turnTo(channel);
    if (seq > this.#track!.last) this.#track!.last = seq;
  }

  /** A message without a number, as a plain relay passes it on. */
  plain(bytes: Uint8Array, at: number): void {
    this.#count(intendedUsOf(bytes, at));
  }

  #turnTo(channel: number): void {
    let track = this.#tracks.get(channel);
    if (!track) this.#tracks.set(channel, track = new Track(this.#logOf(channel)));
    this.#track = track;
    this.#channel = channel;
  }

  #count(us: number): void {
    this.#counts.delivered++;
    if (us === 0) return;
    this.#counts.received++;
    this.#timeline?.record(this.#nowUs - us);
  }
}
