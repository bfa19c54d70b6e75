/**
 * Keeps a flood of one event from filling the disk and hiding everything else:
 * the first lines of a span pass, the others are counted.
 *
 * @module
 */

const LINES = 20;
const SPAN_MS = 10_000;

interface Span {
  readonly endMs: number;
  lines: number;
  leftOut: number;
}

export interface FloodGateOptions {
  /** Told at the end of a span in which lines were left out. */
  readonly onLeftOut: (event: string, count: number) => void;
  /** Lines of one event that pass in one span. Default 20. */
  readonly lines?: number;
  /** Milliseconds. Default 10 s. */
  readonly spanMs?: number;
}

export class FloodGate implements Disposable {
  readonly #onLeftOut: (event: string, count: number) => void;
  readonly #lines: number;
  readonly #spanMs: number;
  readonly #spans = new Map<string, Span>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ onLeftOut, lines = LINES, spanMs = SPAN_MS }: FloodGateOptions) {
    this.#onLeftOut = onLeftOut;
    this.#lines = lines;
    this.#spanMs = spanMs;
  }

  /** Whether a line of this event passes. */
  admits(event: string): boolean {
    const nowMs = performance.now();
    let span = this.#spans.get(event);
    if (!span || nowMs >= span.endMs) {
      this.#finish(event);
      span = { endMs: nowMs + this.#spanMs, lines: 0, leftOut: 0 };
      this.#spans.set(event, span);
    }
    if (span.lines < this.#lines) {
      span.lines++;
      return true;
    }
    span.leftOut++;
    this.#arm(nowMs);
    return false;
  }

  /** Tells what is still untold. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const event of [...this.#spans.keys()]) this.#finish(event);
  }

  #finish(event: string): void {
    const span = this.#spans.get(event);
    this.#spans.delete(event);
    if (span && span.leftOut > 0) this.#onLeftOut(event, span.leftOut);
  }

  /** When a flood ends, its count must not wait for the next one. */
  #arm(nowMs: number): void {
    if (this.#timer !== undefined) return;
    const ends = [...this.#spans.values()].filter(({ leftOut }) => leftOut > 0).map(({ endMs }) => endMs);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const laterMs = performance.now();
      for (const [event, { endMs }] of [...this.#spans]) if (laterMs >= endMs) this.#finish(event);
      if ([...this.#spans.values()].some(({ leftOut }) => leftOut > 0)) this.#arm(laterMs);
    }, Math.max(1, Math.ceil(Math.min(...ends) - nowMs)));
    // A line about lines is no reason to live on.
    Deno.unrefTimer(this.#timer as unknown as number);
  }
}
