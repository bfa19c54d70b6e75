/** Requests that are being answered: an end waits for them, but not for ever. @module */

/** A response that is complete may still be on its way to the peer. */
const LINGER_MS = 50;

export class InFlightRequests {
  #count = 0;
  #lastAnswerMs = -Infinity;
  #onIdle: (() => void) | undefined;

  /** Counts a request until it is over. A peer that went away ends its request, too. */
  begin(completed: Promise<unknown>): void {
    this.#count++;
    const over = () => {
      this.#lastAnswerMs = performance.now();
      if (--this.#count === 0) this.#onIdle?.();
    };
    completed.then(over, over);
  }

  /** Waits until all have been answered, for a bounded time. */
  async settle(timeoutMs: number): Promise<void> {
    await within(timeoutMs, this.#idle());
    const lingerMs = this.#lastAnswerMs + LINGER_MS - performance.now();
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
  }

  async #idle(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#onIdle = resolve);
  }
}

/** Waits for something, but no longer than this. */
export async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => timer = setTimeout(resolve, timeoutMs));
  await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
