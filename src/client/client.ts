/** The client: one session of one user, connected as long as it lives. @module */
import type { CommandCase, CommandInit, CommandResult } from "../wire/client_codec.ts";
import { callKind } from "./call_kind.ts";
import { type CallOptions, Commands } from "./commands.ts";
import { Conversation } from "./conversation.ts";
import { asRookeryError, reasonOf, RookeryError } from "./error.ts";
import { EventIterator, iterateEvents } from "./events.ts";
import type { ClientState } from "./link.ts";
import type { ClientEvents, ClientOptions } from "./options.ts";
import type { OutboxEntry } from "./outbox.ts";
import type { ReplicaStats, ResumePoint } from "./replica/events.ts";
import type { Replica } from "./replica/replica.ts";

const EVENT_QUEUE = 10_000;
/** The server forgets a typing user after six seconds. */
const TYPING_EVERY_MS = 3_000;
/** A network that has just changed answers within this time, or not at all. */
const NUDGE_TIMEOUT_MS = 5_000;

/** Counters since the client was made. */
export interface ClientStats extends ReplicaStats {
  /** Connections that the server took in. */
  readonly connections: number;
}

/** One session of one user: connected from `connect` or `live` on until `close`, with what the server has told. */
export class RookeryClient extends Commands implements AsyncDisposable {
  readonly #conversation: Conversation;
  readonly #eventQueue: number;
  readonly #hasStore: boolean;
  readonly #typedMs = new Map<number, number>();
  #started = false;

  /**
   * A client of the server at `base`, an absolute http(s) address that may end in a path. Throws RookeryError:
   * invalid_argument for another address, failed_precondition where there is no WebSocket.
   */
  constructor(base: string | URL, options: ClientOptions = {}) {
    super();
    this.#conversation = new Conversation(base, options);
    this.#eventQueue = options.eventQueue ?? EVENT_QUEUE;
    this.#hasStore = options.outboxStore !== undefined;
  }

  /** What is held of the server. */
  get replica(): Replica {
    return this.#conversation.replica;
  }

  /** Where it stands; `on("state", …)` tells of every change. */
  get state(): ClientState {
    return this.#conversation.link.state;
  }

  /** What was counted: `doubled` and `gaps` are 0 unless the server broke its promise. */
  get stats(): ClientStats {
    return { ...this.replica.stats, connections: this.#conversation.connections };
  }

  /** Begins to connect, or cuts the present pause between two attempts short. */
  connect(): void {
    const { link, outbox, emitter } = this.#conversation;
    const first = !this.#started;
    this.#started = true;
    if (!first || !this.#hasStore) return link.connect();
    outbox.load()
      .catch((cause) => emitter.emit("error", asRookeryError(cause)))
      .then(() => link.connect());
  }

  /**
   * The network or the screen came back: connects at once when it is waiting,
   * and gives a connection up that does not answer within five seconds.
   */
  nudge(): void {
    const { link, requests, open } = this.#conversation;
    if (this.state.name === "waiting") return link.connect();
    if (!open) return;
    const { dials } = link;
    requests.ask("ping", {}, { timeoutMs: NUDGE_TIMEOUT_MS }).catch((error: RookeryError) => {
      // A server that refuses is there.
      if (link.dials === dials && error.code !== "resource_exhausted") link.cut(error);
    });
  }

  /**
   * Resolves when everything that was missed is here; connects if nobody has.
   * Rejects with RookeryError when the client has ended.
   */
  live(): Promise<void> {
    if (this.state.name === "idle") this.connect();
    return new Promise((resolve, reject) => {
      const check = (state: ClientState) => {
        if (state.name === "live") resolve();
        else if (state.name === "ended") reject(endOf(state));
        else return false;
        return true;
      };
      if (check(this.state)) return;
      const off = this.on("state", (state) => {
        if (check(state)) off();
      });
    });
  }

  /** Calls the listener until the result is called. */
  on<T extends keyof ClientEvents>(type: T, listener: (payload: ClientEvents[T]) => void): () => void {
    return this.#conversation.emitter.on(type, listener);
  }

  /**
   * Events as they are applied, from this call on, of one stream or of all.
   * See {@link EventIterator} for how it ends.
   */
  events({ stream, signal }: { stream?: number; signal?: AbortSignal } = {}): EventIterator {
    if (this.state.name === "ended") return EventIterator.ended();
    return iterateEvents(this.#conversation.emitter, { stream, signal, limit: this.#eventQueue });
  }

  /**
   * Sends any command of the contract by its name, as the methods do. Durable ones resolve when they are stored. Rejects
   * with RookeryError: the server's refusal, invalid_argument for what cannot be sent, unavailable for reads without a
   * connection.
   */
  call<C extends CommandCase>(
    name: C,
    body: CommandInit<C>,
    options: CallOptions = {},
  ): Promise<CommandResult<C>> {
    const { requests, outbox, sender, requestTimeoutMs } = this.#conversation;
    const { key, signal, timeoutMs = requestTimeoutMs } = options;
    if (this.state.name === "ended") return Promise.reject(endOf(this.state));
    const kind = callKind(name);
    // A message ends the typing before it; the next letter is told at once.
    if (name === "sendMessage") this.#typedMs.delete((body as CommandInit<"sendMessage">).channelId ?? 0);
    try {
      switch (kind) {
        case "durable":
        case "secret": {
          const maxBytes = sender.commandBytes;
          return outbox.add(name, body, { key, signal, secret: kind === "secret", maxBytes });
        }
        case "read":
          if (this.state.name === "idle" || this.state.name === "waiting") {
            return Promise.reject(new RookeryError("unavailable", "Not connected: try again when it is"));
          }
          return requests.ask(name, body, { signal, timeoutMs });
        default: {
          const message = kind ? `${name} is not called over the socket` : `No such command: ${name}`;
          return Promise.reject(new RookeryError("invalid_argument", message));
        }
      }
    } catch (cause) {
      const message = `The ${name} command cannot be encoded: ${reasonOf(cause)}`;
      return Promise.reject(new RookeryError("invalid_argument", message, { cause }));
    }
  }

  /** Durable commands without an answer, oldest first. */
  pending(): OutboxEntry[] {
    return this.#conversation.outbox.pending();
  }

  /** Gives a pending command up; it may have been stored already. False when the key is unknown. */
  discard(key: string): boolean {
    return this.#conversation.outbox.discard(key);
  }

  /** Resolves when every durable command has its answer, or the client has ended. */
  drained(): Promise<void> {
    return this.#conversation.outbox.drained();
  }

  /** Says what is on the screen, channels and users, now and after every reconnect. */
  watch(ids: readonly number[]): void {
    const conversation = this.#conversation;
    conversation.watched = [...ids];
    if (conversation.open) conversation.background("watch", { ids: [...ids] });
  }

  /** Says that the user is typing; call it with every key, it is sent every three seconds at most. */
  setTyping(channelId: number): void {
    const { clock, requests } = this.#conversation;
    const now = clock.now();
    if (this.state.name !== "live" || requests.backlog) return;
    if (now - (this.#typedMs.get(channelId) ?? -Infinity) < TYPING_EVERY_MS) return;
    this.#typedMs.set(channelId, now);
    requests.tell("setTyping", { channelId });
  }

  /** Says whether somebody looks at this device, now and after every reconnect. */
  setPresence(away: boolean): void {
    const conversation = this.#conversation;
    if (away === conversation.away) return;
    conversation.away = away;
    if (conversation.open) conversation.requests.tell("setPresence", { away });
  }

  /** Where another client may continue, see {@link ClientOptions.resume}. */
  resumePoint(): ResumePoint {
    return this.replica.resumePoint();
  }

  /** Ends the session on the server, then the client. Throws RookeryError when the server was not reached. */
  async logout(): Promise<void> {
    const conversation = this.#conversation;
    conversation.leaving = true;
    try {
      await conversation.post("logout", {});
    } catch (error) {
      if (asRookeryError(error).code !== "unauthenticated") throw error;
    } finally {
      conversation.leaving = false;
    }
    await conversation.link.end("logged out");
  }

  /** Ends the client. Commands without an answer reject; those in an outbox store are sent by the next client. */
  close(): Promise<void> {
    return this.#conversation.link.end("closed");
  }

  /** The same as {@link close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function endOf(state: Extract<ClientState, { name: "ended" }>): RookeryError {
  return state.error ?? new RookeryError("unavailable", `The client has ended: ${state.reason}`);
}
