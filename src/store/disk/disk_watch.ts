/**
 * Looks from time to time whether the disk has room, and says so before a commit fails. The system's own word is enough
 * while there is plenty; near the floor so much is written as well, for the sake of quotas.
 *
 * Below the floor there is another one, at a quarter of it. What may be written down to there is counted from look to
 * look, so that no commit meets a full disk for it.
 *
 * @module
 */
import type { DiskReserve } from "../../chat/ports.ts";

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

/** The system is asked as often as this: a user may store some megabytes meanwhile. */
const ASK_MS = 2000;
const BUSY_RETRY_MS = 200;
/** As many times the room that is looked for are plenty. */
const PLENTY = 4;
/** Nothing at all is written into this part of the room. */
const LAST_PART = 1 / 4;
const MIB = 1024 * 1024;

export class DiskWatch implements DiskReserve, AsyncDisposable {
  readonly #options: DiskWatchOptions;
  #room: DiskRoom;
  #low: string | undefined;
  #free: number | undefined;
  /** Bytes that may still be written before the next look, while there is little room. */
  #spare = 0;
  /** Bytes taken since the last look began: some of them may not be on the disk yet. */
  #taken = 0;
  /** When it is tried again whether so much can be written. */
  #tryMs = 0;
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

  take(bytes: number): boolean {
    if (this.#low === undefined) return true;
    if (bytes > this.#spare) return false;
    this.#spare -= bytes;
    this.#taken += bytes;
    return true;
  }

  /** Looks for another room, or at other times, from now on. */
  watch(room: DiskRoom): void {
    if (room.bytes === this.#room.bytes && room.checkMs === this.#room.checkMs) return;
    this.#room = room;
    this.#tryMs = 0;
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
    const room = this.#room;
    const taken = this.#taken;
    this.#taken = 0;
    this.#free = await this.#options.free();
    // A commit must not wait for what is written here; and one that waits tells enough by itself.
    if (this.#mustTry(room) && this.#options.busy()) {
      this.#taken += taken;
      return this.#arm(Math.min(room.checkMs, BUSY_RETRY_MS));
    }
    const low = await this.#lowOf(room);
    if (room !== this.#room) return this.#arm(BUSY_RETRY_MS);
    this.#low = low;
    this.#spare = 0;
    const there = low === undefined ? 0 : await this.#thereAtLeast(room);
    if (room !== this.#room) return this.#arm(BUSY_RETRY_MS);
    this.#spare = Math.max(0, there - room.bytes * LAST_PART - taken - this.#taken);
    this.#arm(Math.min(room.checkMs, ASK_MS));
  }

  /** Whether the system's word is not enough, and the last attempt not either. */
  #mustTry({ bytes }: DiskRoom): boolean {
    const free = this.#free ?? NaN;
    if (free < bytes || free >= PLENTY * bytes) return false;
    return this.#low !== undefined || performance.now() >= this.#tryMs;
  }

  async #lowOf(room: DiskRoom): Promise<string | undefined> {
    if ((this.#free ?? NaN) < room.bytes) return `${Math.floor(this.#free! / MIB)} MiB are free`;
    if (!this.#mustTry(room)) return undefined;
    this.#tryMs = performance.now() + room.checkMs;
    return await this.#options.need(room.bytes).then(() => undefined, (error: Error) => error.message);
  }

  /** Bytes that are there when there is little room. */
  async #thereAtLeast({ bytes }: DiskRoom): Promise<number> {
    if ((this.#free ?? NaN) < bytes) return this.#free!;
    const half = Math.floor(bytes / 2);
    return await this.#options.need(half).then(() => half, () => 0);
  }
}
