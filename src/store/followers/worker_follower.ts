/** The main isolate's side of a follower that runs in a worker. @module */
import { type FollowerStatus, NEW_STATUS, RETRY_PAUSE, type RetryPause } from "./follow_loop.ts";
import type { FollowOrder, FromFollower, ToFollower } from "./protocol.ts";

export interface WorkerFollowerOptions {
  readonly folder: string;
  /** Newest position of the log. */
  readonly head: () => number;
  readonly pause?: RetryPause | undefined;
  /** As {@link FollowLoop} asks it. */
  held(): boolean;
  spawn(): Worker;
  onStatus(status: FollowerStatus): void;
}

/** A thread of the lowest priority may get no time. */
const STOP_MS = 2_000;

/** Wakes the worker only when it has said that it is idle; replaces one that dies, with growing pauses. */
export class WorkerFollower {
  readonly #options: WorkerFollowerOptions;
  readonly #pause: RetryPause;
  #worker: Worker | undefined;
  #port: MessagePort | undefined;
  /** What the worker sees of {@link WorkerFollowerOptions.held}, as it was when there was last a word between the two. */
  readonly #held = new Int32Array(new SharedArrayBuffer(4));
  #idle = false;
  #status: FollowerStatus = NEW_STATUS;
  /** What workers that are gone have counted. */
  #before = { failures: 0, rebuilds: 0 };
  #pauseMs = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #ended: (() => void) | undefined;

  constructor(options: WorkerFollowerOptions) {
    this.#options = options;
    this.#pause = options.pause ?? RETRY_PAUSE;
  }

  get status(): FollowerStatus {
    return this.#status;
  }

  start(): void {
    const worker = this.#worker = this.#options.spawn();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#idle = false;
    this.#look();
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#died(event.message);
    };
    port1.onmessage = ({ data }: MessageEvent<FromFollower>) => this.#told(data);
    worker.postMessage(
      { kind: "follow", folder: this.#options.folder, port: port2, held: this.#held } satisfies FollowOrder,
      [port2],
    );
  }

  wake(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#look();
    this.#port?.postMessage("wake" satisfies ToFollower);
  }

  /** Ends the worker, if it can be after the page under way. */
  async stop(): Promise<void> {
    clearTimeout(this.#again);
    if (!this.#worker) return;
    let late: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
      late = setTimeout(resolve, STOP_MS);
      this.#port!.postMessage("stop" satisfies ToFollower);
    });
    clearTimeout(late);
    this.#end();
  }

  #told(message: FromFollower): void {
    if (message.kind === "stopped") return this.#ended?.();
    this.#look();
    const { status, idle } = message;
    this.#idle = idle;
    if (idle) this.#pauseMs = 0;
    this.#tell({
      ...status,
      failures: status.failures + this.#before.failures,
      rebuilds: status.rebuilds + this.#before.rebuilds,
    });
    // What was committed while it said so.
    if (idle && this.#options.head() > status.position) this.wake();
  }

  #died(reason: string): void {
    const failures = this.#status.failures + 1;
    this.#before = { failures, rebuilds: this.#status.rebuilds };
    const stopping = this.#ended !== undefined;
    this.#ended?.();
    this.#end();
    this.#tell({ ...this.#status, state: "failing", failures, reason: `its worker died: ${reason}` });
    if (stopping) return;
    this.#pauseMs = Math.min(this.#pause.longestMs, this.#pauseMs * 2 || this.#pause.firstMs);
    this.#again = setTimeout(() => this.start(), this.#pauseMs);
  }

  #look(): void {
    Atomics.store(this.#held, 0, Number(this.#options.held()));
  }

  #end(): void {
    this.#port?.close();
    this.#worker?.terminate();
    this.#port = this.#worker = this.#ended = undefined;
    this.#idle = false;
  }

  #tell(status: FollowerStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}
