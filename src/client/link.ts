/**
 * The connection that is meant to last: one socket after the other, with
 * pauses in between, until it is closed or the session has ended.
 *
 * @module
 */
import { type Chunk, CloseCode, type Item } from "../wire/client_codec.ts";
import type { Backoff } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { reasonOf, RookeryError } from "./error.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Finding, Obstacle } from "./obstacle.ts";
import { Socket, type SocketHandlers } from "./socket.ts";

/** From the first byte of a handshake to the Welcome. */
const CONNECT_TIMEOUT_MS = 15_000;
/** A connection that lasted this long was a good one: the next failure is a first one. */
const STABLE_MS = 5_000;
/** A peer that does not say goodbye is not waited for any longer. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Who has something to send comes back soon, but not before a server that makes room for another has done so. */
const HURRY_MS = 100;
/** Close codes of a server that does not want the client back. */
const FINAL_CODES = { from: 3500, to: 3999 };

/** Where the client stands. Times are milliseconds since 1970 UTC. */
export type ClientState =
  /** Not connected, and not asked to be. */
  | { readonly name: "idle" }
  /** Opening a connection. */
  | { readonly name: "connecting" }
  /** Connected; what was missed is coming. */
  | { readonly name: "catching-up" }
  /** Everything that was missed is here. */
  | { readonly name: "live" }
  /**
   * Not connected; the next attempt comes at `retryAtMs`. The error says for people what the obstacle is. It is
   * `planned` when the server has asked to come back: nothing is wrong.
   */
  | {
    readonly name: "waiting";
    readonly retryAtMs: number;
    readonly error: RookeryError;
    readonly obstacle: Obstacle;
    readonly planned?: boolean;
  }
  /** Over for good. Without an error it was ended from this side. */
  | { readonly name: "ended"; readonly reason: string; readonly error?: RookeryError };

export interface LinkOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  /** Starts a socket. */
  dial(handlers: SocketHandlers): Socket;
  /** First frame of a new connection. */
  greeting(): Chunk;
  items(items: Item[]): void;
  ping(): void;
  /** A connection is gone that had been opened. */
  down(error: RookeryError): void;
  /** Whether something waits to be sent. */
  urgent(): boolean;
  /** Why a handshake has failed. */
  probe(): Promise<Finding>;
  changed(state: ClientState): void;
}

export class Link {
  readonly #options: LinkOptions;
  readonly #heartbeat: Heartbeat;
  #state: ClientState = { name: "idle" };
  #socket: Socket | undefined;
  /** Sockets that the runtime has not let go of. */
  readonly #lingering = new Set<Promise<void>>();
  #cancelTimer: (() => void) | undefined;
  #liveSinceMs = Infinity;
  #retryAfterMs: number | undefined;
  #dials = 0;
  /** The last handshake failed although the server would have taken it. */
  #mayBeBlocked = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    const { clock, random } = options;
    this.#heartbeat = new Heartbeat({
      clock,
      random,
      ping: () => options.ping(),
      dead: () => this.cut(new RookeryError("unavailable", "The server has gone silent")),
    });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** There is a socket. */
  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** Sockets that were started; tells one connection from the next. */
  get dials(): number {
    return this.#dials;
  }

  /** Connects now if it is idle or waiting. */
  connect(): void {
    if (this.#state.name === "idle" || this.#state.name === "waiting") this.#dial();
  }

  /** There is something to send: a pause that the server has only asked for to spread its clients ends now. */
  hurry(): void {
    const state = this.#state;
    if (state.name !== "waiting" || !state.planned) return;
    const { clock, random } = this.#options;
    const retryAtMs = clock.now() + HURRY_MS * (1 + random());
    if (retryAtMs >= state.retryAtMs) return;
    this.#cancelTimer?.();
    this.#cancelTimer = clock.after(retryAtMs - clock.now(), () => this.#dial());
    this.#enter({ ...state, retryAtMs });
  }

  /** Sends a frame on the connection there is. */
  send(frame: Chunk): void {
    this.#heartbeat.sent();
    this.#socket?.send(frame);
  }

  /** The server has taken the client in. */
  welcomed(heartbeatMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#heartbeat.start(heartbeatMs);
    this.#enter({ name: "catching-up" });
  }

  caughtUp(): void {
    if (this.#state.name !== "catching-up") return;
    this.#liveSinceMs = this.#options.clock.now();
    this.#enter({ name: "live" });
  }

  /** The server is about to hang up. */
  goodbye({ code, reason, retryAfterMs }: { code: number; reason: string; retryAfterMs: number }): void {
    this.#retryAfterMs = retryAfterMs;
    if (isFinal(code)) this.end(reason, finalError(code, reason));
  }

  /** Gives the present connection up and comes back on another one. */
  cut(error: RookeryError, obstacle: Obstacle = "lost"): void {
    if (!this.#socket) return;
    this.#hangUp(3000, "reconnecting");
    this.#retry(error, obstacle);
  }

  /** Ends for good; resolves when no socket is left. */
  async end(reason: string, error?: RookeryError): Promise<void> {
    if (this.#state.name !== "ended") {
      this.#hangUp(1000, "");
      this.#enter({ name: "ended", reason, ...(error ? { error } : {}) });
      this.#options.down(error ?? new RookeryError("unavailable", `The client has ended: ${reason}`));
    }
    if (this.#lingering.size === 0) return;
    let cancel = () => {};
    const tooLong = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(CLOSE_TIMEOUT_MS, resolve);
    });
    await Promise.race([Promise.all(this.#lingering), tooLong]);
    cancel();
  }

  #dial(): void {
    this.#cancelTimer?.();
    this.#dials++;
    this.#enter({ name: "connecting" });
    let socket: Socket;
    try {
      socket = this.#options.dial({
        opened: () => this.send(this.#options.greeting()),
        items: (items) => {
          this.#heartbeat.received();
          this.#options.items(items);
        },
        closed: (end) => void this.#closed(end),
        garbled: (cause) => this.cut(unreadable(cause)),
      });
    } catch (cause) {
      const error = new RookeryError("invalid_argument", `Cannot connect: ${reasonOf(cause)}`, { cause });
      void this.end(error.message, error);
      return;
    }
    this.#socket = socket;
    const gone = socket.gone.then(() => void this.#lingering.delete(gone));
    this.#lingering.add(gone);
    this.#cancelTimer = this.#options.clock.after(CONNECT_TIMEOUT_MS, () => {
      this.cut(new RookeryError("unavailable", "The server did not answer in time"), "unreachable");
    });
  }

  async #closed({ code, reason, opened }: { code: number; reason: string; opened: boolean }): Promise<void> {
    const socket = this.#socket;
    this.#hangUp();
    if (isFinal(code)) return void this.end(reason, finalError(code, reason));
    if (opened) {
      const why = reason || `close code ${code}`;
      if (code === CloseCode.OVER_RATE) return this.#retry(overRate(why), "refused");
      return this.#retry(new RookeryError("unavailable", `The connection was closed: ${why}`), "lost");
    }
    const { obstacle, error } = await this.#options.probe();
    if (this.#state.name !== "connecting" || this.#socket !== undefined || !socket) return;
    if (error.code !== "unavailable") return void this.end(error.message, error);
    // A server that has come up between handshake and question is no proof: it takes two.
    const again = this.#mayBeBlocked;
    this.#mayBeBlocked = obstacle === "blocked";
    if (this.#mayBeBlocked && !again) {
      return this.#retry(new RookeryError("unavailable", "The server cannot be reached"), "unreachable");
    }
    this.#retry(error, obstacle);
  }

  #hangUp(code?: number, reason = ""): void {
    this.#heartbeat.stop();
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (code !== undefined) socket?.close(code, reason);
  }

  #retry(error: RookeryError, obstacle: Obstacle): void {
    const { clock, backoff } = this.#options;
    const now = clock.now();
    if (now - this.#liveSinceMs >= STABLE_MS) backoff.reset();
    this.#liveSinceMs = Infinity;
    // One who has sent too much is not asked back, but told to stay away.
    const planned = this.#retryAfterMs !== undefined && obstacle !== "refused";
    const waitMs = planned && this.#options.urgent()
      ? HURRY_MS * (1 + this.#options.random())
      : backoff.next(this.#retryAfterMs ?? error.retryAfterMs);
    this.#retryAfterMs = undefined;
    this.#cancelTimer = clock.after(waitMs, () => this.#dial());
    this.#options.down(error);
    this.#enter({
      name: "waiting",
      retryAtMs: now + waitMs,
      error,
      obstacle,
      ...(planned ? { planned } : {}),
    });
  }

  #enter(state: ClientState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}

function unreadable(cause: unknown): RookeryError {
  return new RookeryError("internal", `A frame cannot be read: ${reasonOf(cause)}`, { cause });
}

function overRate(why: string): RookeryError {
  return new RookeryError("unavailable", why, { cause: new RookeryError("resource_exhausted", why) });
}

function isFinal(code: number): boolean {
  return code >= FINAL_CODES.from && code <= FINAL_CODES.to;
}

function finalError(code: number, reason: string): RookeryError {
  const kind = code === CloseCode.SESSION_ENDED ? "unauthenticated" : "failed_precondition";
  return new RookeryError(kind, reason || `The server ended the connection for good (close code ${code})`);
}
