/** Whether the disk takes what is written, and how that is found out again after it did not. @module */

const PROBE_MS = 2000;

/** Follows the commits; after one that failed it probes the database until something can be stored. */
export class WriterHealth {
  readonly #probe: () => Promise<unknown>;
  readonly #probeMs: number;
  #failure: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** `probe` stores something and takes it back, or rejects. */
  constructor(probe: () => Promise<unknown>, probeMs: number = PROBE_MS) {
    this.#probe = probe;
    this.#probeMs = probeMs;
  }

  /** Why the last write failed; undefined when it was stored. */
  get failure(): string | undefined {
    return this.#failure;
  }

  stored(): void {
    this.#failure = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  failed(reason: string): void {
    this.#failure = reason;
    if (this.#over) return;
    // Whoever is told that it cannot store sends no more commands, so none of them would ever tell.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#probe().then(() => this.stored(), (error: Error) => this.failed(error.message));
    }, this.#probeMs);
  }

  /** Probes no more. */
  close(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Probes again: what failed before it was closed, or from the next failure on. */
  reopen(): void {
    this.#over = false;
    if (this.#failure !== undefined) this.failed(this.#failure);
  }
}
