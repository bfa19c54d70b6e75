/** The client: one session of one user, connected as long as it lives. @module */
import {
  type Chunk,
  type CommandCase,
  type CommandInit,
  type CommandResult,
  type Goodbye,
  type Item,
  jsonCodec,
  protoCodec,
  type Reply,
  type Welcome,
} from "../wire/client_codec.ts";
import { Backoff } from "./backoff.ts";
import { CALL_KINDS } from "./call_kinds.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type CallOptions, Commands } from "./commands.ts";
import { Emitter } from "./emitter.ts";
import { CommandEncoder } from "./encoder.ts";
import { asRookeryError, fromWire, isTransient, RookeryError } from "./error.ts";
import { EventIterator } from "./events.ts";
import { request, socketUrl } from "./http.ts";
import { type ClientState, Link } from "./link.ts";
import type { ClientEvents, ClientOptions } from "./options.ts";
import { Outbox, type OutboxEntry } from "./outbox.ts";
import { type Gap, Replica, type ReplicaStats, type ResumePoint } from "./replica/replica.ts";
import { Requests } from "./requests.ts";
import { Sender } from "./sender.ts";
import { Socket, type WebSocketClass } from "./socket.ts";

const REQUEST_TIMEOUT_MS = 15_000;
const EVENT_QUEUE = 10_000;
/** The server forgets a typing user after six seconds. */
const TYPING_EVERY_MS = 3_000;

/** Counters since the client was made. */
export interface ClientStats extends ReplicaStats {
  /** Connections that the server took in. */
  readonly connections: number;
}

export class RookeryClient extends Commands implements AsyncDisposable {
  /** What is held of the server. */
  readonly replica: Replica;
  readonly #base: string | URL;
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #encoder: CommandEncoder;
  readonly #requests: Requests;
  readonly #outbox: Outbox;
  readonly #sender: Sender;
  readonly #link: Link;
  #started = false;
  #openId = 0;
  #connections = 0;
  #away: boolean;
  #watched: readonly number[] = [];
  readonly #typedMs = new Map<number, number>();
  #gap: Gap | undefined;
  #loggingOut = false;

  /** A client of the server at `base`, an absolute http(s) address that may end in a path. */
  constructor(base: string | URL, options: ClientOptions = {}) {
    super();
    this.#base = base;
    this.#options = options;
    const { clock = systemClock, random = Math.random, token } = options;
    const codec = options.format === "json" ? jsonCodec : protoCodec;
    const WebSocket = options.WebSocket ?? globalThis.WebSocket as unknown as WebSocketClass;
    const wake = () => this.#sender.wake();
    const backoff = () => new Backoff({ ...options.backoff, random });
    this.#clock = clock;
    this.#away = options.away ?? false;
    this.#encoder = new CommandEncoder(codec);
    this.replica = new Replica({
      clock,
      windowMessages: options.windowMessages,
      resume: options.resume,
      emitter: this.#emitter,
    });
    this.#requests = new Requests({ encoder: this.#encoder, clock, wake });
    this.#outbox = new Outbox({
      encoder: this.#encoder,
      clock,
      backoff: backoff(),
      maxRetries: options.maxRetries ?? Infinity,
      store: options.outboxStore,
      wake,
      changed: (change) => this.#emitter.emit("outbox", change),
      failed: (cause) => this.#emitter.emit("error", asRookeryError(cause)),
    });
    this.#sender = new Sender(codec, [this.#requests, this.#outbox], { clock });
    this.#link = new Link({
      clock,
      random,
      backoff: backoff(),
      dial: (handlers) => new Socket({ url: socketUrl(base), token, codec, WebSocket }, handlers),
      greeting: () => codec.join([this.#greeting()]),
      items: (items) => this.#receive(items),
      ping: () => this.#background("ping", {}),
      down: (error) => this.#down(error),
      probe: () => this.#probe(),
      changed: (state) => this.#emitter.emit("state", state),
    });
  }

  get state(): ClientState {
    return this.#link.state;
  }

  /** What was counted: `doubled` and `gaps` are 0 unless the server broke its promise. */
  get stats(): ClientStats {
    return { ...this.replica.stats, connections: this.#connections };
  }

  /** Begins to connect, or cuts the present pause between two attempts short. */
  connect(): void {
    if (this.#started) return this.#link.connect();
    this.#started = true;
    if (!this.#options.outboxStore) return this.#link.connect();
    this.#outbox.load()
      .catch((cause) => this.#emitter.emit("error", asRookeryError(cause)))
      .then(() => this.#link.connect());
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
        else if (state.name === "ended") reject(state.error ?? endedError(state.reason));
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
    return this.#emitter.on(type, listener);
  }

  /**
   * Events as they are applied, from this call on, of one stream or of all.
   * See {@link EventIterator} for how it ends.
   */
  events({ stream, signal }: { stream?: number; signal?: AbortSignal } = {}): EventIterator {
    const offs: (() => void)[] = [];
    const iterator = new EventIterator(this.#options.eventQueue ?? EVENT_QUEUE, () => {
      for (const off of offs) off();
      signal?.removeEventListener("abort", abort);
    });
    const abort = () => iterator.end();
    if (signal?.aborted || this.state.name === "ended") iterator.end();
    else {
      const matches = (of: number) => stream === undefined || of === stream;
      offs.push(
        this.on("event", (event) => matches(event.stream) && iterator.push(event)),
        this.on("reload", (reload) => {
          if (!matches(reload.stream)) return;
          const message = `Too much was missed of stream ${reload.stream}: call events() again and load it`;
          iterator.end({ error: new RookeryError("failed_precondition", message) });
        }),
        this.on("state", (state) => state.name === "ended" && iterator.end({ error: state.error })),
      );
      signal?.addEventListener("abort", abort, { once: true });
    }
    return iterator;
  }

  call<C extends CommandCase>(
    name: C,
    body: CommandInit<C>,
    options: CallOptions = {},
  ): Promise<CommandResult<C>> {
    const { key, signal, timeoutMs = this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS } = options;
    const { state } = this;
    if (state.name === "ended") return Promise.reject(state.error ?? endedError(state.reason));
    try {
      const kind = CALL_KINDS[name];
      switch (kind) {
        case "durable":
        case "secret": {
          const maxBytes = this.#sender.commandBytes;
          return this.#outbox.add(name, body, { key, signal, secret: kind === "secret", maxBytes });
        }
        case "read":
          if (state.name === "idle" || state.name === "waiting") {
            return Promise.reject(new RookeryError("unavailable", "Not connected: try again when it is"));
          }
          return this.#requests.ask(name, body, { signal, timeoutMs });
        default:
          return Promise.reject(
            new RookeryError("invalid_argument", `${name} is not called over the socket`),
          );
      }
    } catch (cause) {
      const error = new RookeryError("invalid_argument", `The ${name} command cannot be encoded`, { cause });
      return Promise.reject(error);
    }
  }

  /** Durable commands without an answer, oldest first. */
  pending(): OutboxEntry[] {
    return this.#outbox.pending();
  }

  /** Gives a pending command up; it may have been stored already. False when the key is unknown. */
  discard(key: string): boolean {
    return this.#outbox.discard(key);
  }

  /** Resolves when every durable command has its answer, or the client has ended. */
  drained(): Promise<void> {
    return this.#outbox.drained();
  }

  /** Says what is on the screen, channels and users, now and after every reconnect. */
  watch(ids: readonly number[]): void {
    this.#watched = [...ids];
    if (this.#connected) this.#background("watch", { ids: [...ids] });
  }

  /** Says that the user is typing; call it with every key, it is sent every three seconds at most. */
  setTyping(channelId: number): void {
    const now = this.#clock.now();
    if (this.state.name !== "live" || this.#requests.backlog) return;
    if (now - (this.#typedMs.get(channelId) ?? -Infinity) < TYPING_EVERY_MS) return;
    this.#typedMs.set(channelId, now);
    this.#requests.tell("setTyping", { channelId });
  }

  /** Says whether somebody looks at this device, now and after every reconnect. */
  setPresence(away: boolean): void {
    if (away === this.#away) return;
    this.#away = away;
    if (this.#connected) this.#requests.tell("setPresence", { away });
  }

  /** Where another client may continue, see {@link ClientOptions.resume}. */
  resumePoint(): ResumePoint {
    return this.replica.resumePoint();
  }

  /** Ends the session on the server, then the client. Throws RookeryError when the server was not reached. */
  async logout(): Promise<void> {
    this.#loggingOut = true;
    try {
      await this.#post("logout", {});
    } catch (error) {
      if (asRookeryError(error).code !== "unauthenticated") throw error;
    } finally {
      this.#loggingOut = false;
    }
    await this.#link.end("logged out");
  }

  /** Ends the client. Commands without an answer reject; those in an outbox store are sent by the next client. */
  close(): Promise<void> {
    return this.#link.end("closed");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #connected(): boolean {
    return this.state.name === "live" || this.state.name === "catching-up";
  }

  #greeting(): Chunk {
    const { epoch, cursors } = this.replica.resumePoint();
    const body = { epoch, cursors: cursors.map(({ stream, seq }) => ({ stream, seq })), away: this.#away };
    const { id, chunk } = this.#encoder.encode({ name: "open", body });
    this.#openId = id;
    return chunk;
  }

  #receive(items: Item[]): void {
    for (const { item } of items) {
      if (item.case === "reply") this.#reply(item.value);
      else if (item.case === "goodbye") this.#goodbye(item.value);
      else if (item.case === "caughtUp") {
        this.#link.caughtUp();
        this.#emitter.emit("caughtUp", item.value);
      } else this.#fold(item);
      // What follows in the frame belongs to a connection that was just given up.
      if (this.state.name === "waiting" || this.state.name === "ended") return;
    }
  }

  #reply(reply: Reply): void {
    if (reply.id === this.#openId) return this.#opened(reply);
    const answer = this.#outbox.settle(reply) ?? this.#requests.settle(reply);
    if (answer && "result" in answer) this.replica.fold(answer.name, answer.body, answer.result);
  }

  #opened({ result }: Reply): void {
    if (result.case === "welcome") return this.#welcome(result.value);
    const error = result.case === "error"
      ? fromWire(result.value)
      : new RookeryError("internal", `The server answered open with ${result.case}`);
    if (isTransient(error)) this.#link.cut(error);
    else void this.#link.end(error.message, error);
  }

  #welcome(welcome: Welcome): void {
    this.#connections++;
    this.replica.welcome(welcome);
    this.#sender.start((frame) => this.#link.send(frame), welcome.limits);
    this.#link.welcomed(welcome.heartbeatMs);
    if (this.#watched.length > 0) this.#background("watch", { ids: [...this.#watched] });
    this.#emitter.emit("welcome", welcome);
  }

  #fold(item: Item["item"]): void {
    const gap = this.replica.apply(item);
    const ownReload = item.case === "reload" && item.value.stream === this.replica.me?.id;
    // Memberships may have changed among the events that were skipped: a new welcome tells them.
    if (ownReload && this.state.name === "live") {
      this.#link.cut(new RookeryError("unavailable", "Too much was missed: connecting again"));
    }
    if (!gap) return;
    const known = this.#gap?.stream === gap.stream && this.#gap.heldSeq === gap.heldSeq;
    this.#gap = gap;
    if (!known) {
      const hole = `Event ${gap.heldSeq + 1} of stream ${gap.stream} is missing`;
      return this.#link.cut(new RookeryError("unavailable", `${hole}: connecting again`));
    }
    // Asking again did not bring it: the stream goes on behind the hole, and everybody is told.
    this.replica.reload(gap.stream, gap.gotSeq - 1);
    this.replica.apply(item);
  }

  #goodbye(goodbye: Goodbye): void {
    this.#emitter.emit("goodbye", goodbye);
    if (this.#loggingOut) void this.#link.end("logged out");
    else this.#link.goodbye(goodbye);
  }

  #down(error: RookeryError): void {
    this.#sender.stop();
    this.#requests.fail(error);
    this.replica.disconnected();
    if (this.state.name === "ended") this.#outbox.end(error);
    else this.#outbox.disconnected();
  }

  async #probe(): Promise<RookeryError | undefined> {
    try {
      await this.#post("listSessions", {});
    } catch (cause) {
      const error = asRookeryError(cause);
      if (error.code === "unauthenticated" || error.code === "permission_denied") return error;
    }
    return undefined;
  }

  async #post<C extends CommandCase>(name: C, body: CommandInit<C>): Promise<CommandResult<C>> {
    const { token, format, fetch } = this.#options;
    const timeout = new AbortController();
    const cancel = this.#clock.after(this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS, () => {
      timeout.abort(new RookeryError("unavailable", `The server did not answer ${name} in time`));
    });
    try {
      return await request(this.#base, [name, body], { token, format, fetch, signal: timeout.signal });
    } finally {
      cancel();
    }
  }

  /** Sends what nobody waits for; a refusal is told to the listeners of errors. */
  #background<C extends CommandCase>(name: C, body: CommandInit<C>): void {
    const timeoutMs = this.#options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    this.#requests.ask(name, body, { timeoutMs }).catch((error: RookeryError) => {
      if (!isTransient(error)) this.#emitter.emit("error", error);
    });
  }
}

function endedError(reason: string): RookeryError {
  return new RookeryError("unavailable", `The client has ended: ${reason}`);
}
