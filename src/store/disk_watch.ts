/** Looks from time to time whether the disk has room, and says so before a commit fails. @module */

export interface DiskWatchOptions {
  /** Rejects when there is no room for these bytes. */
  readonly need: (bytes: number) => Promise<unknown>;
  /** Whether something else has to be written first. */
  readonly busy: () => boolean;
  readonly roomBytes: number;
  /** Milliseconds between two looks. */
  readonly checkMs: number;
}

/** Who waits for the disk to have room again should not wait for long. */
const LOW_CHECK_MS = 2000;
const BUSY_RETRY_MS = 200;

export class DiskWatch implements Disposable {
  readonly #options: DiskWatchOptions;
  #low: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** Looks for the first time soon. */
  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#arm(BUSY_RETRY_MS);
  }

  /** What the system said when there was no room; undefined when there was. */
  get low(): string | undefined {
    return this.#low;
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    if (!this.#over) this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    const { need, busy, roomBytes, checkMs } = this.#options;
    // A commit must not wait for this; and one that waits tells enough by itself.
    if (busy()) return this.#arm(Math.min(checkMs, BUSY_RETRY_MS));
    this.#low = await need(roomBytes).then(() => undefined, (error: Error) => error.message);
    this.#arm(this.#low === undefined ? checkMs : Math.min(checkMs, LOW_CHECK_MS));
  }
}
