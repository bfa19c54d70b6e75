/** What others count, and metrics read when somebody asks. @module */
import type { LogLevel } from "../chat/log_event.ts";
import type { ChatStats } from "../chat/stats.ts";

export type UncaughtCounts = Readonly<Record<"unhandled_rejection" | "uncaught_error", number>>;

export interface Sources {
  readonly version: string;
  readonly chat: { stats(): ChatStats };
  readonly server: {
    readonly traffic: Traffic;
    /** WebSockets that the runtime holds, and the bytes that wait unsent in them. */
    readonly sockets: { readonly size: number; readonly unsentBytes: number };
    /** What keeps it from being ready. */
    failing(): readonly { readonly check: string }[];
  };
  /** Names of everything that can keep it from being ready. */
  readonly checks: readonly string[];
  readonly store: Store;
  readonly followers: { reports(): readonly FollowerReport[] };
  readonly passwords: { readonly load: PasswordLoad };
  readonly logins: {
    /** Attempts refused since the start, before any password was looked at. */
    readonly refused: number;
  };
  readonly log: Log;
  /** Since the start: errors that nobody caught, by kind. */
  readonly uncaught: UncaughtCounts;
}

/** The first two throw when the disk does. */
export interface Store {
  databaseBytes(): number;
  walBytes(): number;
  /** How long the writer has owed an answer, milliseconds; 0 when it owes none. */
  readonly waitingMs: number;
  /** Bytes free on its disk at the last look; undefined where the system does not tell. */
  readonly diskFree: number | undefined;
  /** Why nothing new is stored for want of room. */
  readonly diskLow: string | undefined;
  /** Since the start: writers that died. */
  readonly writersReplaced: number;
}

/** How a follower of the log fares. */
export interface FollowerReport {
  readonly name: string;
  readonly state: string;
  /** Last change of the log that it has seen. */
  readonly position: number;
  /** Changes that it has not seen. */
  readonly lag: number;
  /** Since the start. */
  readonly failures: number;
  readonly rebuilds: number;
}

/** What came to the door since the start. */
export interface Traffic {
  /** HTTP responses by the first digit of their status. */
  readonly responses: readonly number[];
  readonly upgrades: number;
  /** Handshakes that were refused, by `Code`. */
  readonly refused: readonly number[];
  /** Commands by POST that did not get as far as the core, by `Code`. */
  readonly commandsRefused: readonly number[];
  /** Sockets that the server ended, by `CloseCode`. */
  readonly closed: ReadonlyMap<number, number>;
  /** Refusals by the limit that was reached. */
  readonly limited: Readonly<Record<string, number>>;
}

export interface PasswordLoad {
  readonly waiting: number;
  readonly running: number;
  /** Since the start: the queue was full. */
  readonly refused: number;
  /** Since the start: workers that died. */
  readonly replaced: number;
}

export interface Log {
  /** Since the start, by level. */
  readonly lines: Readonly<Record<LogLevel, number>>;
  /** Lines that nobody took. */
  readonly lost: number;
}
