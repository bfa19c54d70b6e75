/**
 * What goes to and fro over the link: who hears which item, and what is said
 * first on every new connection.
 *
 * @module
 */
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
import { type Clock, systemClock } from "./clock.ts";
import { Emitter } from "./emitter.ts";
import { CommandEncoder } from "./encoder.ts";
import { asRookeryError, fromWire, isTransient, RookeryError } from "./error.ts";
import { request, socketUrl } from "./http.ts";
import { Link } from "./link.ts";
import type { ClientEvents, ClientOptions } from "./options.ts";
import { findObstacle } from "./obstacle.ts";
import { Outbox } from "./outbox.ts";
import type { Gap } from "./replica/gap.ts";
import { Replica } from "./replica/replica.ts";
import { Requests } from "./requests.ts";
import { Sender } from "./sender.ts";
import { Socket, type WebSocketClass } from "./socket.ts";

const REQUEST_TIMEOUT_MS = 15_000;

export class Conversation {
  readonly emitter = new Emitter<ClientEvents>();
  readonly clock: Clock;
  readonly replica: Replica;
  readonly requests: Requests;
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly link: Link;
  /** Nobody looks at this device. */
  away: boolean;
  /** What is on the screen. */
  watched: readonly number[] = [];
  /** Connections that the server took in. */
  connections = 0;
  /** The session is being ended from this side. */
  leaving = false;
  readonly requestTimeoutMs: number;
  readonly #base: string | URL;
  readonly #options: ClientOptions;
  readonly #encoder: CommandEncoder;
  #openId = 0;
  #gap: Gap | undefined;

  constructor(base: string | URL, options: ClientOptions) {
    const { clock = systemClock, random = Math.random, windowMessages, resume, token } = options;
    const codec = options.format === "json" ? jsonCodec : protoCodec;
    const WebSocket = options.WebSocket ?? globalThis.WebSocket as unknown as WebSocketClass | undefined;
    if (!WebSocket) {
      const message = "This runtime has no WebSocket: use Node 22 or newer, or give the option WebSocket, " +
        "such as the class of the ws package";
      throw new RookeryError("failed_precondition", message);
    }
    const url = socketUrl(base);
    const wake = () => this.sender.wake();
    const backoff = () => new Backoff({ ...options.backoff, random });
    const encoder = new CommandEncoder(codec);
    this.#base = base;
    this.#options = options;
    this.#encoder = encoder;
    this.clock = clock;
    this.away = options.away ?? false;
    this.requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    this.replica = new Replica({ clock, windowMessages, resume, emitter: this.emitter });
    this.requests = new Requests({ encoder, clock, wake });
    this.outbox = new Outbox({
      encoder,
      clock,
      backoff: backoff(),
      maxRetries: options.maxRetries ?? Infinity,
      store: options.outboxStore,
      wake,
      changed: (change) => {
        this.emitter.emit("outbox", change);
        if (change.status === "queued") this.link.hurry();
      },
      failed: (cause) => this.emitter.emit("error", asRookeryError(cause)),
    });
    this.sender = new Sender(codec, [this.requests, this.outbox], { clock });
    this.link = new Link({
      clock,
      random,
      backoff: backoff(),
      dial: (handlers) => new Socket({ url, token, codec, WebSocket }, handlers),
      greeting: () => codec.join([this.#greeting()]),
      items: (items) => this.#receive(items),
      ping: () => this.background("ping", {}),
      down: (error) => this.#down(error),
      urgent: () => !this.outbox.empty,
      probe: () =>
        this.#inTime("the socket", (signal) => findObstacle(base, { token, fetch: options.fetch, signal })),
      changed: (state) => this.emitter.emit("state", state),
    });
  }

  /** Whether the server has taken the client in. */
  get open(): boolean {
    return this.link.state.name === "live" || this.link.state.name === "catching-up";
  }

  /** Sends what nobody waits for; a refusal is told to the listeners of errors. */
  background<C extends CommandCase>(name: C, body: CommandInit<C>): void {
    this.requests.ask(name, body, { timeoutMs: this.requestTimeoutMs }).catch((error: RookeryError) => {
      if (!isTransient(error)) this.emitter.emit("error", error);
    });
  }

  /** Sends a command by the other door, as the same session. */
  async post<C extends CommandCase>(name: C, body: CommandInit<C>): Promise<CommandResult<C>> {
    const { token, format, fetch } = this.#options;
    return await this.#inTime(
      name,
      (signal) => request(this.#base, [name, body], { token, format, fetch, signal }),
    );
  }

  async #inTime<T>(what: string, asked: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const timeout = new AbortController();
    const cancel = this.clock.after(this.requestTimeoutMs, () => {
      timeout.abort(new RookeryError("unavailable", `The server did not answer ${what} in time`));
    });
    try {
      return await asked(timeout.signal);
    } finally {
      cancel();
    }
  }

  #greeting(): Chunk {
    const { epoch, cursors } = this.replica.greeting();
    const body = { epoch, cursors: [...cursors], away: this.away };
    const { id, chunk } = this.#encoder.encode({ name: "open", body });
    this.#openId = id;
    return chunk;
  }

  #receive(items: Item[]): void {
    const { dials } = this.link;
    for (const { item } of items) {
      if (item.case === "reply") this.#reply(item.value);
      else if (item.case === "goodbye") this.#goodbye(item.value);
      else if (item.case === "caughtUp") {
        this.link.caughtUp();
        this.emitter.emit("caughtUp", item.value);
      } else this.#fold(item);
      // What follows in the frame belongs to a connection that was just given up.
      if (!this.link.connected || this.link.dials !== dials) return;
    }
  }

  #reply(reply: Reply): void {
    if (reply.id === this.#openId) return this.#opened(reply);
    const answer = this.outbox.settle(reply) ?? this.requests.settle(reply);
    if (answer && "result" in answer) this.replica.fold(answer.name, answer.body, answer.result);
  }

  #opened({ result }: Reply): void {
    if (result.case === "welcome") return this.#welcome(result.value);
    const error = result.case === "error"
      ? fromWire(result.value, "open")
      : new RookeryError("internal", `The server answered open with ${result.case}`);
    if (isTransient(error)) this.link.cut(error, "refused");
    else void this.link.end(error.message, error);
  }

  #welcome(welcome: Welcome): void {
    this.connections++;
    this.replica.welcome(welcome);
    this.sender.start((frame) => this.link.send(frame), welcome.limits);
    this.link.welcomed(welcome.heartbeatMs);
    if (this.watched.length > 0) this.background("watch", { ids: [...this.watched] });
    this.emitter.emit("welcome", welcome);
  }

  #fold(item: Item["item"]): void {
    const gap = this.replica.apply(item);
    const ownReload = item.case === "reload" && item.value.stream === this.replica.me?.id;
    // Memberships may have changed among the events that were skipped: a new welcome tells them.
    if (ownReload && this.link.state.name === "live") {
      this.link.cut(new RookeryError("unavailable", "Too much was missed: connecting again"));
    }
    if (!gap) return;
    const known = this.#gap?.stream === gap.stream && this.#gap.heldSeq === gap.heldSeq;
    this.#gap = gap;
    if (!known) {
      const hole = `Event ${gap.heldSeq + 1} of stream ${gap.stream} is missing`;
      return this.link.cut(new RookeryError("unavailable", `${hole}: connecting again`));
    }
    // Asking again did not bring it: the stream goes on behind the hole, and everybody is told.
    this.replica.reload(gap.stream, gap.gotSeq - 1);
    this.replica.apply(item);
  }

  #goodbye(goodbye: Goodbye): void {
    this.emitter.emit("goodbye", goodbye);
    if (this.leaving) void this.link.end("logged out");
    else this.link.goodbye(goodbye);
  }

  #down(error: RookeryError): void {
    this.sender.stop();
    this.requests.fail(error);
    this.replica.disconnected();
    if (this.link.state.name === "ended") this.outbox.end(error);
    else this.outbox.disconnected();
  }
}
