/** What a client is made of and what it tells. @module */
import type { CaughtUp, Goodbye, Welcome } from "../wire/client_codec.ts";
import type { Clock } from "./clock.ts";
import type { RookeryError } from "./error.ts";
import type { Fetch } from "./http.ts";
import type { ClientState } from "./link.ts";
import type { OutboxChange, OutboxStore } from "./outbox.ts";
import type { ReplicaEvents, ResumePoint } from "./replica/events.ts";
import type { WebSocketClass } from "./socket.ts";

/** Options of a client; each of them may be left out. */
export interface ClientOptions {
  /** Secret of the session. Browsers with the session in a cookie leave it out. */
  readonly token?: string | undefined;
  /** Encoding: "proto" is small and fast, "json" can be read by people. */
  readonly format?: "proto" | "json" | undefined;
  /** Nobody looks at this device at first. */
  readonly away?: boolean;
  /** Messages held per channel; 500 when left out. */
  readonly windowMessages?: number;
  /** Where an earlier client stood: what was missed since is sent. */
  readonly resume?: ResumePoint | undefined;
  /** Where the outbox survives a restart of the program. */
  readonly outboxStore?: OutboxStore | undefined;
  /** How often a durable command that the server cannot take now is sent again; for ever when left out. */
  readonly maxRetries?: number;
  /** How long a read waits for its answer, milliseconds; 15 seconds when left out. */
  readonly requestTimeoutMs?: number;
  /** Events that an iterator of {@link RookeryClient.events} holds at most; 10,000 when left out. */
  readonly eventQueue?: number;
  /** Shortest and longest bound of the pauses between attempts, milliseconds; 300 and 30,000 when left out. */
  readonly backoff?: { readonly baseMs?: number; readonly capMs?: number };
  /** The runtime's own when left out; Node 20 has none, and takes that of the ws package. */
  readonly WebSocket?: WebSocketClass;
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** Uniform in [0, 1); spreads clients out. */
  readonly random?: () => number;
}

/** What listeners hear, by name. */
export interface ClientEvents extends ReplicaEvents {
  state: ClientState;
  /** The server has taken the client in; what was missed follows. */
  welcome: Welcome;
  caughtUp: CaughtUp;
  /** The server is about to hang up. */
  goodbye: Goodbye;
  outbox: OutboxChange;
  /** Something went wrong that belongs to no promise; the client goes on by itself. */
  error: RookeryError;
}
