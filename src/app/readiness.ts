/** What keeps a server from being ready, as /readyz and the metrics tell it, and the log when it changes. @module */
import type { Limits } from "../chat/limits.ts";
import type { Log } from "../chat/ports.ts";
import type { Failing, Note } from "../server/readiness.ts";
import { LITTLE_LAG } from "../store/mod.ts";

type ReadinessLimits = Pick<Limits, "diskRoomBytes" | "writerStuckMs">;

export interface ReadinessSources {
  readonly limits: ReadinessLimits;
  readonly log: Log;
  readonly store: {
    /** Why the last write failed. */
    readonly failure: string | undefined;
    /** Why there is no room to spare. */
    readonly diskLow: string | undefined;
    /** How long the writer has owed an answer. */
    readonly waitingMs: number;
    /** Time of the newest event; throws when the disk does. */
    newestMs(): number;
  };
  readonly followers: {
    reports(): readonly {
      readonly name: string;
      readonly state: string;
      /** Changes that it has not seen. */
      readonly lag: number;
      readonly position: number;
      readonly reason: string;
    }[];
  };
  readonly loop: {
    /** How much of the last ten seconds the loop stood still: 0 to 1. */
    readonly stalled: number;
  };
  readonly folder: {
    /** Why commands are refused though the writer lives. */
    readonly unready: string | undefined;
  };
  /** Why nothing will be stored any more before a new start. */
  dead(): Error | undefined;
}

const LOOK_MS = 1000;
const STALLED_MAX = 0.5;
/** A clock that is kept right by small steps is no reason to say anything. */
const AHEAD_MS = 60_000;
const MIB = 1024 * 1024;

export class Readiness implements Disposable {
  /** May be changed while it runs. */
  limits: ReadinessLimits;
  readonly #sources: ReadinessSources;
  readonly #timer: ReturnType<typeof setInterval>;
  #told = "";
  #aheadToldMs = 0;

  constructor(sources: ReadinessSources) {
    this.limits = sources.limits;
    this.#sources = sources;
    this.#timer = setInterval(() => this.#tell(), LOOK_MS);
  }

  /** Everything that is wrong now; empty when nothing is. */
  failing(): Failing[] {
    const { limits } = this;
    const { store, loop, folder, dead } = this.#sources;
    const failing: Failing[] = [];
    const death = dead();
    if (death) {
      failing.push({ check: "store", reason: `Nothing can be stored until a new start: ${death.message}` });
    }
    if (folder.unready !== undefined) {
      failing.push({ check: "takeover", reason: `Commands are refused: ${folder.unready}` });
    }
    if (store.failure !== undefined) {
      failing.push({ check: "commit", reason: `The last write failed: ${store.failure}` });
    }
    const { waitingMs } = store;
    if (waitingMs > limits.writerStuckMs) {
      const seconds = Math.round(waitingMs / 1000);
      const causes = "the disk is stuck, or another program holds the database";
      failing.push({ check: "writer", reason: `A write has taken ${seconds} s so far: ${causes}` });
    }
    if (store.diskLow !== undefined) {
      const room = `${Math.ceil(limits.diskRoomBytes / MIB)} MiB`;
      failing.push({
        check: "disk",
        reason: `The data folder's disk has less than ${room} left, make room: ${store.diskLow}`,
      });
    }
    const { stalled } = loop;
    if (stalled > STALLED_MAX) {
      const seconds = Math.round(stalled * 10);
      const causes = "the machine is overloaded, or the process was stopped";
      failing.push({
        check: "loop",
        reason: `The event loop stood still for ${seconds} of the last 10 s: ${causes}`,
      });
    }
    return failing;
  }

  /** What is wrong and keeps nobody from using the server. */
  notes(): Note[] {
    return [...this.#clockNotes(), ...this.#followerNotes()];
  }

  #followerNotes(): Note[] {
    return this.#sources.followers.reports().flatMap(({ name, state, lag, position, reason }): Note[] => {
      const seen = `${position} of ${position + lag} changes`;
      if (state === "failing") {
        return [{ check: "follower", reason: `${name} fails at ${seen} and is tried again: ${reason}` }];
      }
      const behind = state === "catching_up" || lag > LITTLE_LAG;
      return behind ? [{ check: "follower", reason: `${name} is catching up: ${seen}` }] : [];
    });
  }

  #clockNotes(): Note[] {
    const newestMs = this.#newestMs();
    if (newestMs - Date.now() <= AHEAD_MS) return [];
    const until = new Date(newestMs).toISOString();
    const reason =
      `The newest event is of ${until}, which is yet to come: the clock was ahead, and until then ` +
      "everything is stored with that time; docs/operations.md says how to get back";
    return [{ check: "clock", reason }];
  }

  #newestMs(): number {
    try {
      return this.#sources.store.newestMs();
    } catch {
      // The disk: that is told by what fails.
      return 0;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    this.#tellAhead();
    const failing = this.failing();
    const checks = failing.map(({ check }) => check).join();
    if (checks === this.#told) return;
    this.#told = checks;
    if (failing.length === 0) this.#sources.log.report("ready_again");
    else this.#sources.log.report("not_ready", { failing });
  }

  /** Once for each time that is reached. */
  #tellAhead(): void {
    const newestMs = this.#newestMs();
    if (newestMs - Date.now() <= AHEAD_MS || newestMs - this.#aheadToldMs <= AHEAD_MS) return;
    this.#aheadToldMs = newestMs;
    this.#sources.log.report("clock_behind_data", { until: new Date(newestMs) });
  }
}
