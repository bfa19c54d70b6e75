/** The line before what is new in the open channel: how much stands behind it, and where it is. @module */
import { signal } from "@preact/signals";

/** Where the line lies, as seen from what is on the screen. */
export type LinePlace = "above" | "here" | "below";

export class UnreadLine {
  /** Others' messages behind this one are new; 0 when nothing is. */
  readonly seq = signal(0);
  /** So many messages stood behind it, or have come since. */
  readonly count = signal(0);
  /** When the first of them was written, milliseconds since 1970 UTC; 0 while that is not known. */
  readonly sinceMs = signal(0);
  /** It lies above what is on the screen, and nobody has looked at it yet. */
  readonly above = signal(false);
  #looked = false;

  /** Draws it behind a message, unless it is drawn already. */
  draw(seq: number, count: number): void {
    if (this.seq.peek() > 0) return;
    this.seq.value = seq;
    this.count.value = count;
  }

  /** One more is new. */
  add(): void {
    if (this.seq.peek() > 0) this.count.value++;
  }

  /** The screen has changed; whoever looks at it sees the line where it is. */
  moved(place: LinePlace, { looking }: { looking: boolean }): void {
    if (this.seq.peek() === 0) return;
    if (place === "here" && looking) this.#looked = true;
    this.above.value = place === "above" && !this.#looked;
  }

  /** The reader goes somewhere else: whoever has skipped what is new may want to come back. */
  left(): void {
    this.#looked = false;
  }

  /** Nothing is new any more. */
  clear(): void {
    this.seq.value = this.count.value = this.sinceMs.value = 0;
    this.above.value = false;
    this.#looked = false;
  }
}
