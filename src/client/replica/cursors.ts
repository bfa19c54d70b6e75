/** How far each stream is held: what to continue from, and which event is the next. @module */
import type { Event } from "../../wire/client_codec.ts";
import type { ResumePoint } from "./events.ts";

/** Stream of changes that everybody sees. */
export const SERVER_STREAM = 1;
/** A cursor takes at most 43 bytes in JSON. */
const GREETING_CURSORS = 1500;

/** What an event is to its stream: the next one, one that is held, one behind a hole, or one of a stream not held. */
export type Arrival = "next" | "doubled" | "gap" | "stray";

export class Cursors {
  /** The history that the numbers belong to; empty before the first welcome. */
  epoch = "";
  readonly #seqs = new Map<number, number>();
  /** Streams whose cursors did not fit the greeting. */
  #leftOut: ReadonlySet<number> = new Set();

  constructor(resume?: ResumePoint) {
    if (!resume) return;
    this.epoch = resume.epoch;
    for (const { stream, seq } of resume.cursors) this.#seqs.set(stream, seq);
  }

  /** Newest event that is held; undefined for a stream that is not. */
  get(stream: number): number | undefined {
    return this.#seqs.get(stream);
  }

  set(stream: number, seq: number): void {
    this.#seqs.set(stream, seq);
  }

  delete(stream: number): void {
    this.#seqs.delete(stream);
  }

  clear(): void {
    this.#seqs.clear();
  }

  /** Where a stream stands: where it was left, or else at its newest event. */
  hold(stream: number, headSeq: number): number {
    const held = this.#seqs.get(stream);
    if (held !== undefined) return held;
    this.#seqs.set(stream, headSeq);
    return headSeq;
  }

  /** Lets go of all streams but these. */
  keep(streams: ReadonlySet<number | undefined>): void {
    for (const stream of [...this.#seqs.keys()]) if (!streams.has(stream)) this.#seqs.delete(stream);
  }

  /** Moves on when the event is the next of its stream, and only then. */
  advance({ stream, seq }: Event): Arrival {
    const held = this.#seqs.get(stream);
    if (held === undefined) return "stray";
    if (seq <= held) return "doubled";
    if (seq > held + 1) return "gap";
    this.#seqs.set(stream, seq);
    return "next";
  }

  /** All of them. */
  resumePoint(): ResumePoint {
    return { epoch: this.epoch, cursors: Array.from(this.#seqs, ([stream, seq]) => ({ stream, seq })) };
  }

  /** As many as one frame of 64 KiB holds in either format; the user's own stream first, the oldest channels last. */
  greeting(me: number | undefined): ResumePoint {
    const all = this.resumePoint();
    if (all.cursors.length <= GREETING_CURSORS) return all;
    const own = new Set([SERVER_STREAM, me]);
    const ranked = all.cursors.toSorted((a, b) =>
      Number(own.has(b.stream)) - Number(own.has(a.stream)) || b.stream - a.stream
    );
    this.#leftOut = new Set(ranked.slice(GREETING_CURSORS).map(({ stream }) => stream));
    return { epoch: all.epoch, cursors: ranked.slice(0, GREETING_CURSORS) };
  }

  /** Whether events up to this one will not come, because the greeting had no room for the stream. */
  skipped(stream: number, headSeq: number): boolean {
    return this.#leftOut.has(stream) && this.#seqs.get(stream)! < headSeq;
  }

  /** The greeting is answered. */
  greeted(): void {
    this.#leftOut = new Set();
  }
}
