/** Keeps what is read where it is while messages come and go above and below. @module */
import type { LinePlace } from "../../state/messages/unread_line.ts";

interface Anchor {
  readonly seq: string;
  /** Pixels from the upper edge of what is seen to that of the message. */
  readonly offset: number;
}

/** At the end means: within this many pixels of it. */
const END_PX = 32;

export class ScrollKeeper {
  readonly #element: HTMLElement;
  /** The end stays in sight. */
  stuck = true;
  /** Where it was put last. */
  #top = 0;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  get atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#element;
    return scrollHeight - scrollTop - clientHeight <= END_PX;
  }

  /** Pixels above and below what is seen. */
  get room(): { above: number; below: number } {
    const { scrollHeight, scrollTop, clientHeight } = this.#element;
    return { above: scrollTop, below: scrollHeight - scrollTop - clientHeight };
  }

  /** Where the line before what is new lies; undefined when it is not drawn. */
  get line(): LinePlace | undefined {
    const line = this.#element.querySelector<HTMLElement>(".unread-line");
    if (!line) return undefined;
    const { scrollTop, clientHeight } = this.#element;
    if (line.offsetTop + line.offsetHeight <= scrollTop) return "above";
    return line.offsetTop >= scrollTop + clientHeight ? "below" : "here";
  }

  /** The first message in sight, before something changes. */
  capture(): Anchor | undefined {
    // Somebody has scrolled, and the event that tells of it is still to come.
    if (this.stuck && this.#element.scrollTop < this.#top - 1 && !this.atEnd) this.stuck = false;
    const rows = this.#element.querySelectorAll<HTMLElement>("[data-seq]");
    const top = this.#element.scrollTop;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle]!;
      if (row.offsetTop + row.offsetHeight <= top) low = middle + 1;
      else high = middle;
    }
    const row = rows[low];
    return row && { seq: row.dataset.seq!, offset: row.offsetTop - top };
  }

  /** Afterwards: the end again, or the same message in the same place. */
  restore(anchor: Anchor | undefined): void {
    if (this.stuck) return this.toEnd();
    const row = anchor && this.#row(anchor.seq);
    if (!row) return;
    const top = row.offsetTop - anchor.offset;
    if (Math.abs(top - this.#element.scrollTop) >= 1) this.#element.scrollTop = top;
  }

  toEnd(): void {
    this.stuck = true;
    this.#element.scrollTop = this.#element.scrollHeight;
    this.#top = this.#element.scrollTop;
  }

  /** Puts an element into sight, this part of the height below the upper edge. */
  toElement(element: HTMLElement, part: number): void {
    this.#element.scrollTop = element.offsetTop - this.#element.clientHeight * part;
    this.stuck = this.atEnd;
  }

  /** Puts a message into sight, or the next one when it is not there. */
  toMessage(seq: number): void {
    const rows = [...this.#element.querySelectorAll<HTMLElement>("[data-seq]")];
    const row = rows.find((candidate) => Number(candidate.dataset.seq) >= seq) ?? rows.at(-1);
    if (row) this.toElement(row, 0.35);
  }

  /** Puts the line before what is new into sight; false when there is none. */
  toUnread(): boolean {
    const line = this.#element.querySelector<HTMLElement>(".unread-line");
    if (line) this.toElement(line, 0.2);
    return line !== null;
  }

  #row(seq: string): HTMLElement | null {
    return this.#element.querySelector<HTMLElement>(`[data-seq="${CSS.escape(seq)}"]`);
  }
}
