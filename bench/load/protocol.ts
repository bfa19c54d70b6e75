/**
 * What the laboratory and its generator processes say to each other: lines of
 * JSON on standard input and output.
 *
 * @module
 */
import type { AttackName } from "./attacks.ts";
import type { DialectName } from "./generator/dialects.ts";
import type { Knocks } from "./generator/knocker.ts";
import type { Counts } from "./generator/tally.ts";

/** One user of a chat. */
export interface LoadUser {
  readonly token: string;
  /** Channels that it writes into, by turns. */
  readonly channelIds: readonly number[];
}

/** Users that write at fixed times, whatever comes back (an open loop). */
export interface ChatJob {
  readonly kind: "chat";
  readonly dialect: DialectName;
  readonly socketUrl: string;
  readonly users: readonly LoadUser[];
  /** Receivers of each channel's messages, in all processes. */
  readonly receivers: Readonly<Record<number, number>>;
  /** Time between two messages of one user; 0 for users that only listen. */
  readonly everyMs: number;
  /** Bytes of a text. */
  readonly bytes: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** How many of the users take the latency of what they receive. */
  readonly timed: number;
  /** How many of the users, the last ones, read nothing once it begins. */
  readonly deaf: number;
  /** Whether the generator sleeps between its turns, so that another process may share its core. */
  readonly sleeps?: boolean;
}

/** Acknowledged messages, each connection into a channel of its own. */
export interface DurableJob {
  readonly kind: "durable";
  readonly socketUrl: string;
  readonly users: readonly LoadUser[];
  /** Messages a second of all connections; 0 sends as fast as answers come. */
  readonly perSecond: number;
  readonly bytes: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Connections that open and are silent. */
export interface IdleJob {
  readonly kind: "idle";
  readonly socketUrl: string;
  readonly users: readonly LoadUser[];
}

/** Clients that are all cut off, miss messages, and all come back at once. */
export interface ResumeJob {
  readonly kind: "resume";
  readonly socketUrl: string;
  readonly users: readonly LoadUser[];
  /** Messages that each misses. */
  readonly missed: number;
  readonly bytes: number;
}

/** People with the real client whose server is replaced by another process. */
export interface HandoverJob {
  readonly kind: "handover";
  readonly url: string;
  /** Each writes into the first of its channels. */
  readonly users: readonly LoadUser[];
  /** Time between two messages of one user. */
  readonly everyMs: number;
  readonly bytes: number;
  readonly measureMs: number;
}

/** One attack on a server on which others chat. */
export interface AbuseJob {
  readonly kind: "abuse";
  readonly attack: AttackName;
  readonly url: string;
  readonly socketUrl: string;
  readonly attacker: LoadUser;
  readonly victim: {
    readonly id: number;
    readonly name: string;
    readonly password: string;
    readonly token: string;
  };
  /** Ids of some others. */
  readonly people: readonly number[];
  readonly attackMs: number;
}

export type Job = ChatJob | DurableJob | IdleJob | ResumeJob | HandoverJob | AbuseJob;

export type ToGenerator =
  /** When to begin, microseconds since 1970 UTC. */
  | { readonly type: "go"; readonly atUs: number }
  /** Nothing more is expected: tell the result and end. */
  | { readonly type: "stop" };

export interface Sample {
  readonly type: "sample";
  /** Which second of the measured time it tells of, from 0; negative in the warm-up. */
  readonly second: number;
  /** Deliveries of measured messages so far. */
  readonly received: number;
  /** Latencies of this second, microseconds, as an HDR histogram; may be empty. */
  readonly latency: string;
  /** Share of this second in which the generator had something to do. */
  readonly busy: number;
}

export interface ChatResult {
  /** Measured messages, and their deliveries that were to come, to all processes. */
  readonly sent: number;
  readonly expected: number;
  readonly counts: Counts;
  /** How late the generator itself was to send, as an HDR histogram in microseconds. */
  readonly late: string;
  /** Read within the measured time. */
  readonly frames: number;
  readonly bytes: number;
  readonly deliveries: number;
  /** Connections that the server ended. */
  readonly cutOff: number;
}

export interface DurableResult {
  /** Acknowledged in the measured time, a second. */
  readonly perSecond: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
}

export interface ResumeResult {
  /** From the first handshake's begin to each client's being caught up, as an HDR histogram in microseconds. */
  readonly caughtUp: string;
  readonly expected: number;
  readonly counts: Counts;
  readonly reloads: number;
}

export interface HandoverResult {
  readonly sent: number;
  readonly acknowledged: number;
  /** From the intended time to the answer, without and with those around the handover: HDR histograms in microseconds. */
  readonly calm: string;
  readonly during: string;
  /** How late the generator itself was to send. */
  readonly late: string;
  /** Acknowledged, but not what the server has at that place in the end. */
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly delivered: number;
  /** Numbers that a client missed. */
  readonly holes: number;
  readonly reloads: number;
  /** Attempts to connect that failed. */
  readonly unreached: number;
  /** Connections that were ended and came back. */
  readonly handedOver: number;
  readonly offlineP50Ms: number;
  readonly offlineMaxMs: number;
  /** From the first that was sent away to the last that was back. */
  readonly allBackMs: number;
  readonly knocks: Knocks;
}

export interface AbuseResult {
  readonly accepted: number;
  readonly refused: number;
  /** Sockets that the server closed, and connections and requests that it did not take. */
  readonly turnedAway: number;
  /** Further numbers of the attack's own. */
  readonly numbers: Readonly<Record<string, number | string>>;
}

export type FromGenerator =
  /** All are connected. */
  | { readonly type: "ready"; readonly connectMs: number }
  | Sample
  /** Everything was sent; `expected` is known now. */
  | { readonly type: "sent"; readonly expected: number }
  | { readonly type: "done"; readonly result: unknown };
