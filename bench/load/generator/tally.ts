/**
 * What came, held against what should have: loss, doubles, order, latency.
 * This runs for every delivery, up to millions a second, so it makes no objects.
 *
 * @module
 */
import { nowUs } from "./clock.ts";
import { intendedUsOf } from "./text.ts";
import type { Timeline } from "./timeline.ts";

/** Intended times of a channel's messages, by number from the first that was seen. */
class ChannelTimes {
  #first = -1;
  #us = new Float64Array(1024);

  /** Intended time; -1 when it is not known yet. */
  get(seq: number): number {
    const at = seq - this.#first;
    return this.#first < 0 || at < 0 || at >= this.#us.length ? -1 : this.#us[at]! - 1;
  }

  set(seq: number, us: number): void {
    if (this.#first < 0) this.#first = Math.max(0, seq - 256);
    const at = seq - this.#first;
    if (at >= this.#us.length) {
      const larger = new Float64Array(Math.max(2 * this.#us.length, at + 1));
      larger.set(this.#us);
      this.#us = larger;
    }
    if (at >= 0) this.#us[at] = us + 1;
  }
}

/** One channel as one receiver has it. */
class Track {
  readonly times: ChannelTimes;
  last = 0;

  constructor(times: ChannelTimes) {
    this.times = times;
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
}

export class Tally {
  readonly counts: Counts = { delivered: 0, received: 0, doubled: 0, reordered: 0, holes: 0 };
  readonly #timeline: Timeline;
  readonly #times = new Map<number, ChannelTimes>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** A receiver; only of timed ones is the latency taken, all are counted. */
  receiver(timed: boolean): Receiver {
    return new Receiver(this.counts, {
      timeline: timed ? this.#timeline : undefined,
      times: (channel) => {
        let times = this.#times.get(channel);
        if (!times) this.#times.set(channel, times = new ChannelTimes());
        return times;
      },
    });
  }
}

export class Receiver {
  readonly #counts: Counts;
  readonly #timeline: Timeline | undefined;
  readonly #times: (channel: number) => ChannelTimes;
  readonly #tracks = new Map<number, Track>();
  #channel = -1;
  #track: Track | undefined;
  #nowUs = 0;

  constructor(
    counts: Counts,
    options: { timeline: Timeline | undefined; times: (channel: number) => ChannelTimes },
  ) {
    this.#counts = counts;
    this.#timeline = options.timeline;
    this.#times = options.times;
  }

  /** A frame has come: everything told until the next has come with it. */
  arrive(): void {
    if (this.#timeline) this.#nowUs = nowUs();
  }

  /** A message with a number, one more than the one before it in its channel. */
  numbered(channel: number, seq: number, textAt: { bytes: Uint8Array; at: number }): void {
    if (channel !== this.#channel) this.#turnTo(channel);
    const track = this.#track!;
    const { last } = track;
    if (seq > last) {
      if (last !== 0 && seq !== last + 1) this.#counts.holes += seq - last - 1;
      track.last = seq;
    } else if (seq === last) this.#counts.doubled++;
    else this.#counts.reordered++;
    let us = track.times.get(seq);
    if (us < 0) track.times.set(seq, us = intendedUsOf(textAt.bytes, textAt.at));
    this.#count(us);
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
    if (!track) this.#tracks.set(channel, track = new Track(this.#times(channel)));
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
