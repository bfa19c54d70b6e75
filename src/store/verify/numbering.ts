/** Whether the numbers of every stream are 1, 2, 3 … and its times never run backwards. @module */
import type { Problems } from "./problems.ts";

interface Stream {
  next: number;
  lastMs: number;
  missing: number;
  firstMissing: number;
  misplaced: number;
  firstMisplaced: number;
  backwards: number;
}

/** Takes the events in the order in which they were written. */
export class Numbering {
  readonly #streams = new Map<number, Stream>();
  #lastPosition = 0;
  /** Positions that no event has. */
  #skipped = 0;

  /** The event's place in the whole log. */
  place(position: number): void {
    this.#skipped += position - this.#lastPosition - 1;
    this.#lastPosition = position;
  }

  take(id: number, seq: number, timeMs: number): void {
    let stream = this.#streams.get(id);
    if (!stream) {
      stream = {
        next: 1,
        lastMs: 0,
        missing: 0,
        firstMissing: 0,
        misplaced: 0,
        firstMisplaced: 0,
        backwards: 0,
      };
      this.#streams.set(id, stream);
    }
    if (seq < stream.next) {
      if (stream.misplaced++ === 0) stream.firstMisplaced = seq;
    } else {
      if (seq > stream.next && stream.missing === 0) stream.firstMissing = stream.next;
      stream.missing += seq - stream.next;
      stream.next = seq + 1;
    }
    if (timeMs < stream.lastMs) stream.backwards++;
    else stream.lastMs = timeMs;
  }

  ids(): IterableIterator<number> {
    return this.#streams.keys();
  }

  get size(): number {
    return this.#streams.size;
  }

  report(problems: Problems): void {
    for (const [id, stream] of this.#streams) {
      if (stream.missing > 0) {
        problems.add(
          stream.missing === 1
            ? `stream ${id}: event ${stream.firstMissing} is missing`
            : `stream ${id}: ${stream.missing} events are missing, the first is ${stream.firstMissing}`,
        );
      }
      if (stream.misplaced > 0) {
        problems.add(
          `stream ${id}: ${stream.misplaced} events stand behind later ones or are there twice, ` +
            `the first is ${stream.firstMisplaced}`,
        );
      }
      if (stream.backwards > 0) {
        problems.add(`stream ${id}: ${stream.backwards} events are older than the one before`);
      }
    }
    if (this.#skipped > 0) problems.add(`the log has ${this.#skipped} positions without an event`);
  }
}
