/** The pause before something that failed is tried again. @module */
import { Backoff } from "../../../client/backoff.ts";

/** Shortest and longest bound of a pause. */
const BOUNDS = { baseMs: 1_000, capMs: 30_000 };

/** One pause at a time; they grow until something has succeeded. */
export class Pause implements Disposable {
  readonly #over: () => void;
  readonly #backoff = new Backoff(BOUNDS);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  /** `over` is called at the end of each pause that is not cut short. */
  constructor(over: () => void) {
    this.#over = over;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins a pause after one more failure, of at least what the server asked for. */
  begin(retryAfterMs: number): void {
    if (this.#disposed) return;
    this.cut();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#over();
    }, this.#backoff.next(retryAfterMs));
  }

  /** Ends the pause at once, and nobody is called. */
  cut(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Something has succeeded: the next pause is a short one. */
  reset(): void {
    this.cut();
    this.#backoff.reset();
  }

  /** There are no more pauses. */
  [Symbol.dispose](): void {
    this.cut();
    this.#disposed = true;
  }
}
