/** All followers of a store's log. @module */
import type { Follower, Log } from "../../chat/ports.ts";
import { databaseIn } from "../folder/data_folder.ts";
import { type FollowerStatus, FollowLoop, type RetryPause } from "./follow_loop.ts";
import { LogPages } from "./log_pages.ts";
import { WorkerFollower } from "./worker_follower.ts";

/** A follower, and where it runs: a heavy one in a worker that calls `followInWorker`, a light one beside the core. */
export type FollowerEntry =
  & { readonly name: string }
  & ({ spawn(): Worker } | { open(folder: string): Follower });

/** How a follower fares. */
export interface FollowerReport extends FollowerStatus {
  readonly name: string;
  /** Changes of the log that it has not seen. */
  readonly lag: number;
}

export interface FollowersOptions {
  readonly folder: string;
  /** Newest position of the log. */
  readonly head: () => number;
  readonly log: Log;
  /** Whether the disk has so little room that the rest of it belongs to commits. */
  readonly held: () => boolean;
  /** Between attempts of one that fails. */
  readonly pause?: RetryPause | undefined;
}

interface Running {
  readonly status: FollowerStatus;
  start(): void;
  wake(): void;
  stop(): Promise<void>;
}

/** Up to so many changes a follower is a little behind, as it should be. */
export const LITTLE_LAG = 10_000;

/** Beside the core a page must not take the loop for long. */
const LIGHT_PAGE_CHANGES = 32;
const LIGHT_GATHER_MS = 0;

export class Followers implements AsyncDisposable {
  readonly #head: () => number;
  readonly #running: readonly (readonly [name: string, follower: Running])[];
  #stopped = false;

  /** Starts all of them. */
  constructor(entries: readonly FollowerEntry[], options: FollowersOptions) {
    this.#head = options.head;
    this.#running = entries.map((entry) => [entry.name, running(entry, options)]);
    for (const [, follower] of this.#running) follower.start();
  }

  /** To be called after every commit; costs next to nothing for a follower that is busy. */
  wake(): void {
    if (this.#stopped) return;
    for (const [, follower] of this.#running) follower.wake();
  }

  reports(): FollowerReport[] {
    const head = this.#head();
    return this.#running.map(([name, { status }]) => (
      { ...status, name, lag: Math.max(0, head - status.position) }
    ));
  }

  /** Closes all files; takes two seconds at most. */
  async suspend(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running.map(([, follower]) => follower.stop()));
  }

  /** Goes on after {@link suspend}. */
  resume(): void {
    this.#stopped = false;
    for (const [, follower] of this.#running) follower.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#stopped) await this.suspend();
  }
}

function running(entry: FollowerEntry, { folder, head, log, held, pause }: FollowersOptions): Running {
  const onStatus = reporter(entry.name, log);
  if ("spawn" in entry) {
    return new WorkerFollower({ folder, head, held, pause, spawn: () => entry.spawn(), onStatus });
  }
  return new FollowLoop({
    openLog: () => new LogPages(databaseIn(folder)),
    open: () => entry.open(folder),
    pageChanges: LIGHT_PAGE_CHANGES,
    gatherMs: LIGHT_GATHER_MS,
    held,
    ...(pause && { pause }),
    onStatus,
  });
}

/** Logs what changes: the first failure of a row, its end, and each beginning anew. */
function reporter(name: string, log: Log): (status: FollowerStatus) => void {
  let failing = false;
  let rebuilds = 0;
  return ({ state, reason, ...status }) => {
    if (status.rebuilds > rebuilds) log.report("follower_rebuilds", { follower: name });
    rebuilds = status.rebuilds;
    if ((state === "failing") === failing) return;
    failing = state === "failing";
    if (failing) log.report("follower_failing", { follower: name, reason });
    else log.report("follower_recovered", { follower: name });
  };
}
