/** Looks from time to time whether the disk has room, and says so before a commit fails. @module */

export interface DiskWatchOptions {
  /** Rejects when there is no room for these bytes. */
  readonly need: (bytes: number) => Promise<unknown>;
  /** Whether something else has to be written first, or nothing can be asked now. */
  readonly busy: () => boolean;
  readonly room: DiskRoom;
}

/** What is looked for. */
export interface DiskRoom {
  readonly bytes: number;
  /** Milliseconds between two looks. */
  readonly checkMs: number;
}

/** Who waits for the disk to have room again should not wait for long. */
const LOW_CHECK_MS = 2000;
const BUSY_RETRY_MS = 200;

export class DiskWatch implements Disposable {
  readonly #options: DiskWatchOptions;
  #room: DiskRoom;
  #low: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  /** Looks for the first time soon. */
  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#room = options.room;
    this.#arm(BUSY_RETRY_MS);
  }

  /** What the system said when there was no room; undefined when there was. */
  get low(): string | undefined {
    return this.#low;
  }

  /** Looks for another room, or at other times, from now on. */
  watch(room: DiskRoom): void {
    if (room.bytes === this.#room.bytes && room.checkMs === this.#room.checkMs) return;
    this.#room = room;
    this.#arm(BUSY_RETRY_MS);
  }

  [Symbol.dispose](): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#over) this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    const { need, busy } = this.#options;
    const room = this.#room;
    const { bytes, checkMs } = room;
    // A commit must not wait for this; and one that waits tells enough by itself.
    if (busy()) return this.#arm(Math.min(checkMs, BUSY_RETRY_MS));
    const low = await need(bytes).then(() => undefined, (error: Error) => error.message);
    if (room !== this.#room) return this.#arm(BUSY_RETRY_MS);
    this.#low = low;
    this.#arm(this.#low === undefined ? checkMs : Math.min(checkMs, LOW_CHECK_MS));
  }
}
