/**
 * Leads one follower along the log: opens both, begins anew where its effects do not belong to this log, hands it page
 * after page, and tries again with growing pauses when it fails. Idle, it has no timer and waits to be woken.
 *
 * @module
 */
import type { Follower, FollowerCursor } from "../../chat/ports.ts";
import type { LogPages } from "./log_pages.ts";

/** Until it has met the end of the log for the first time it is catching up. */
export type FollowerState = "catching_up" | "following" | "failing";

export interface FollowerStatus {
  readonly state: FollowerState;
  /** Last change whose effects are there. */
  readonly position: number;
  /** Since the start: attempts that failed. */
  readonly failures: number;
  /** Since the start: times that it began anew. */
  readonly rebuilds: number;
  /** Why the last attempt failed; empty when it did not. */
  readonly reason: string;
}

export const NEW_STATUS: FollowerStatus = {
  state: "catching_up",
  position: 0,
  failures: 0,
  rebuilds: 0,
  reason: "",
};

export interface FollowLoopOptions {
  openLog(): LogPages;
  open(): Follower;
  /** Changes that it takes at once. */
  readonly pageChanges: number;
  /** Milliseconds that it waits when woken, so that commits in quick succession are one page. */
  readonly gatherMs: number;
  readonly pause?: RetryPause;
  /** Whether the disk has so little room that the rest of it belongs to commits. */
  held(): boolean;
  /** Told when anything changed; `idle` says that the end of the log was met. */
  onStatus(status: FollowerStatus, idle: boolean): void;
}

/** Milliseconds until a failing one is tried again: doubled each time. */
export interface RetryPause {
  readonly firstMs: number;
  readonly longestMs: number;
}

export const RETRY_PAUSE: RetryPause = { firstMs: 1_000, longestMs: 60_000 };
const HELD = "the disk has little room, which is kept for messages";
/** A follower that waits for something slow is not waited for any longer. */
const STOP_MS = 2_000;

export class FollowLoop {
  readonly #options: FollowLoopOptions;
  readonly #pause: RetryPause;
  #log: LogPages | undefined;
  #follower: Follower | undefined;
  #cursor: FollowerCursor | undefined;
  #status: FollowerStatus = NEW_STATUS;
  /** Until the next attempt; 0 when the last one did not fail. */
  #pauseMs = 0;
  /** Since it began anew, or since the start. */
  #caughtUp = false;
  /** Woken since the last look at the log. */
  #due = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the timer is for. */
  #waiting: "page" | "rest" | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;

  constructor(options: FollowLoopOptions) {
    this.#options = options;
    this.#pause = options.pause ?? RETRY_PAUSE;
  }

  get status(): FollowerStatus {
    return this.#status;
  }

  /** Begins, or goes on after a stop. */
  start(): void {
    this.#stopped = false;
    this.#pauseMs = 0;
    this.#due = true;
    if (!this.#running) this.#after(0, "page");
  }

  /** Something was committed. */
  wake(): void {
    this.#due = true;
    // A pause after a failure is not cut short, and who runs looks again.
    if (this.#stopped || this.#running || this.#waiting === "page") return;
    clearTimeout(this.#timer);
    this.#after(this.#options.gatherMs, "page");
  }

  /** Waits for the page under way, for a bounded time, and closes everything. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#waiting = undefined;
    let late: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => late = setTimeout(resolve, STOP_MS));
    await Promise.race([this.#running, patience]);
    clearTimeout(late);
    this.#close();
  }

  #after(ms: number, waiting: "page" | "rest"): void {
    this.#waiting = waiting;
    this.#timer = setTimeout(() => {
      this.#waiting = undefined;
      this.#running = this.#run().then((restMs) => {
        this.#running = undefined;
        if (this.#stopped) return;
        if (this.#due) this.#after(this.#pauseMs || this.#options.gatherMs, "page");
        else if (restMs !== undefined) this.#after(restMs, "rest");
      });
    }, ms);
  }

  /** Milliseconds until the next step of upkeep; undefined when there is none to do. */
  async #run(): Promise<number | undefined> {
    try {
      const follower = this.#opened();
      if (this.#due) await this.#follow(follower);
      this.#pauseMs = 0;
      return this.#due ? undefined : follower.rest?.();
    } catch (error) {
      this.#failed(error as Error);
      return undefined;
    }
  }

  #opened(): Follower {
    if (this.#follower) return this.#follower;
    const log = this.#log ??= this.#options.openLog();
    const follower = this.#follower = this.#options.open();
    const { cursor } = follower;
    if (cursor && log.has(cursor)) this.#cursor = cursor;
    else {
      follower.clear(log.start);
      this.#cursor = log.start;
      this.#caughtUp = false;
      this.#tell({ rebuilds: this.#status.rebuilds + 1, position: 0 });
    }
    return follower;
  }

  /** Up to the end of the log. */
  async #follow(follower: Follower): Promise<void> {
    if (this.#options.held()) throw new Error(HELD);
    const log = this.#log!;
    for (let full = true, head = log.head; full && !this.#stopped;) {
      this.#due = false;
      const startMs = performance.now();
      const page = log.read(this.#cursor!, this.#options.pageChanges);
      if (page.changes.length > 0) await follower.take(page.changes, page.cursor);
      this.#cursor = page.cursor;
      full = page.full;
      const { position } = page.cursor;
      this.#caughtUp ||= !full;
      this.#tell({ state: this.#caughtUp ? "following" : "catching_up", position, reason: "" }, !full);
      if (!full) return;
      if (this.#options.held()) throw new Error(HELD);
      // Others go first on this thread; and while there are commits, half of the time belongs to them and their disk.
      const restMs = log.head > head ? performance.now() - startMs : 0;
      head = log.head;
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }

  #failed({ message }: Error): void {
    this.#close();
    this.#due = true;
    const { firstMs, longestMs } = this.#pause;
    this.#pauseMs = Math.min(longestMs, this.#pauseMs * 2 || firstMs);
    if (!this.#stopped) {
      this.#tell({ state: "failing", failures: this.#status.failures + 1, reason: message });
    }
  }

  #tell(change: Partial<FollowerStatus>, idle = false): void {
    this.#status = { ...this.#status, ...change };
    this.#options.onStatus(this.#status, idle);
  }

  #close(): void {
    const [follower, log] = [this.#follower, this.#log];
    this.#follower = this.#log = undefined;
    try {
      follower?.[Symbol.dispose]();
      log?.[Symbol.dispose]();
    } catch {
      // It is opened anew anyway, and says then what is wrong.
    }
  }
}
