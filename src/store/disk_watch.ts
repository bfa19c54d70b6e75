/**
 * Looks from time to time whether the disk has room, and says so before a commit fails. The system's own word is enough
 * while there is plenty; near the floor so much is written as well, for the sake of quotas.
 *
 * @module
 */

export interface DiskWatchOptions {
  /** Bytes that are free; undefined where the system does not tell. */
  readonly free: () => Promise<number | undefined>;
  /** Rejects when there is no room for these bytes: writes them, and takes them back. */
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
/** As many times the room that is looked for are plenty. */
const PLENTY = 4;
const MIB = 1024 * 1024;

export class DiskWatch implements AsyncDisposable {
  readonly #options: DiskWatchOptions;
  #room: DiskRoom;
  #low: string | undefined;
  #free: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> | undefined;
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

  /** Bytes that were free at the last look; undefined before it, and where the system does not tell. */
  get free(): number | undefined {
    return this.#free;
  }

  /** Looks for another room, or at other times, from now on. */
  watch(room: DiskRoom): void {
    if (room.bytes === this.#room.bytes && room.checkMs === this.#room.checkMs) return;
    this.#room = room;
    this.#arm(BUSY_RETRY_MS);
  }

  /** Waits for the look that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#over) this.#timer = setTimeout(() => this.#looking = this.#look(), ms);
  }

  async #look(): Promise<void> {
    const { free, busy } = this.#options;
    const room = this.#room;
    const { bytes, checkMs } = room;
    // A commit must not wait for this; and one that waits tells enough by itself.
    if (busy()) return this.#arm(Math.min(checkMs, BUSY_RETRY_MS));
    this.#free = await free();
    const low = await this.#lowOf(bytes);
    if (room !== this.#room) return this.#arm(BUSY_RETRY_MS);
    this.#low = low;
    this.#arm(this.#low === undefined ? checkMs : Math.min(checkMs, LOW_CHECK_MS));
  }

  async #lowOf(bytes: number): Promise<string | undefined> {
    const free = this.#free ?? NaN;
    if (free < bytes) return `${Math.floor(free / MIB)} MiB are free`;
    if (free >= PLENTY * bytes) return undefined;
    return await this.#options.need(bytes).then(() => undefined, (error: Error) => error.message);
  }
}
