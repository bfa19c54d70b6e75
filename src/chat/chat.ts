/**
 * The core's door: the rules and the state of the chat, behind ports.
 *
 *     commands/        what may be asked, one file each: check, prepare, decide
 *     commit_queue.ts  gathers tasks into batches, commits, answers
 *     task.ts          one command on its way to the store
 *     batch.ts         decides the tasks of one commit, in order
 *     *_facts.ts       what decisions are made on: committed, and pending on top
 *     hub.ts           streams to subscribers: encode once, hand out
 *     replays.ts       those who are behind: left out, then caught up from the log
 *     live.ts          a connection's own commands: open, watch, typing
 *     presence.ts      who is here and who is typing; never stored
 *     roster.ts        connections by user
 *     refusals.ts      what becomes of a command that fails
 *
 * @module
 */
import { CloseCode } from "./close_code.ts";
import type { Command, CommandBody } from "./command.ts";
import { COMMANDS } from "./commands/mod.ts";
import { type Caller, type Context, type Read, type Spec, storedResult } from "./commands/spec.ts";
import type { Surroundings, Write } from "./commands/spec.ts";
import { CommitQueue } from "./commit_queue.ts";
import { CommittedFacts } from "./committed_facts.ts";
import { Connection } from "./connection.ts";
import { ChatError, Code, invalid, unmet } from "./error.ts";
import type { Event } from "./event.ts";
import { Hub } from "./hub.ts";
import type { Limits } from "./limits.ts";
import type { Trace } from "./log_event.ts";
import { LiveCommands } from "./live.ts";
import { type Principal, type Registration, SYSTEM_USER_ID } from "./model.ts";
import type {
  Clock,
  EventWriter,
  ItemEncoder,
  Log,
  LoginThrottle,
  Loop,
  Outlet,
  Passwords,
  Secrets,
  StoreReader,
} from "./ports.ts";
import { Presence } from "./presence.ts";
import { Refusals } from "./refusals.ts";
import type { Result } from "./reply.ts";
import { Roster } from "./roster.ts";
import type { ChatStats } from "./stats.ts";
import { checkKey, storedKey } from "./text.ts";

/** What the operator may set while it runs. */
export interface ChatSettings {
  readonly limits: Limits;
  readonly registration: Registration;
  readonly serverName: string;
}

/** Everything the core needs. */
export interface ChatDependencies extends ChatSettings {
  readonly reader: StoreReader;
  readonly writer: EventWriter;
  readonly passwords: Passwords;
  readonly secrets: Secrets;
  readonly throttle: LoginThrottle;
  readonly clock: Clock & Loop;
  readonly log: Log;
  /** One per wire format; an outlet's `format` is an index into it. */
  readonly encoders: readonly ItemEncoder[];
  readonly version: string;
  /** Called once when nothing can be committed any more and only a new start helps. */
  onFatal?(error: unknown): void;
}

const TOUCH_MS = 60_000;
const FULL_RETRY_MS = 1000;
const NOBODY: Principal = { userId: SYSTEM_USER_ID, sessionId: 0 };
const SESSION_ENDED = { code: CloseCode.SESSION_ENDED, reason: "The session has ended: log in again" };

export class Chat {
  readonly #deps: ChatDependencies;
  #surroundings: Surroundings;
  readonly #facts: CommittedFacts;
  readonly #queue: CommitQueue;
  readonly #hub: Hub;
  readonly #roster = new Roster();
  readonly #presence: Presence;
  readonly #live: LiveCommands;
  readonly #refusals: Refusals;
  #lastId: number;
  #flushing = false;
  #touched = new Map<number, number>();
  #cancelTouch: (() => void) | undefined;

  constructor(dependencies: ChatDependencies) {
    this.#deps = dependencies;
    const { reader, writer, limits, clock, log, encoders, version } = dependencies;
    this.#facts = new CommittedFacts(reader);
    this.#refusals = new Refusals(log);
    this.#lastId = reader.maxId();
    this.#hub = new Hub({ encoders, reader, limits, clock, log });
    this.#presence = new Presence(this.#hub, this.#roster, clock);
    const { queuedCommands, batchCommands } = limits;
    this.#queue = new CommitQueue({
      writer,
      reader,
      facts: this.#facts,
      log,
      queuedCommands,
      batchCommands,
      publish: (events) => this.#publish(events),
      onFatal: (error) => dependencies.onFatal?.(error),
    });
    this.#live = new LiveCommands({
      facts: this.#facts,
      reader,
      hub: this.#hub,
      presence: this.#presence,
      limits,
      version,
    });
    this.#surroundings = {
      ...dependencies,
      facts: this.#facts,
      now: () => clock.now(),
      newId: () => ++this.#lastId,
      publishedHead: (stream) => this.#hub.head(stream),
    };
  }

  /** Other settings from the next command on. Limits that are `fixed` stay what they were. */
  configure(settings: ChatSettings): void {
    this.#surroundings = { ...this.#surroundings, ...settings };
    this.#hub.limits = settings.limits;
    this.#live.limits = settings.limits;
  }

  /** Who holds this session token; undefined when the session has ended. */
  authenticate(token: string): Principal | undefined {
    const session = this.#facts.sessionByTokenHash(this.#deps.secrets.hashToken(token));
    if (!session || this.#facts.user(session.userId)?.disabled !== false) return undefined;
    this.#touch(session.id);
    return { userId: session.userId, sessionId: session.id };
  }

  /**
   * Refuses one connection too many, before its socket exists; otherwise keeps a place for it. The result gives the
   * place back, and is called when the connection is taken in or will never be; further calls do nothing.
   */
  admit(principal: Principal): () => void {
    const { connectionsPerUser, heartbeatMs } = this.#surroundings.limits;
    if (this.#roster.countOf(principal.userId) >= connectionsPerUser) {
      throw new ChatError(
        Code.RESOURCE_EXHAUSTED,
        `At most ${connectionsPerUser} connections for one user: close another`,
        heartbeatMs,
      );
    }
    return this.#roster.reserve(principal.userId);
  }

  /** Takes a connection in. It receives nothing before it sends Open. */
  connect(principal: Principal, outlet: Outlet, trace?: Trace): Connection {
    const connection = new Connection(principal, outlet, trace);
    if (this.#facts.hasSession(principal.sessionId)) this.#roster.add(connection);
    else {
      // It ended between the handshake and the open socket, when nobody could find this connection.
      connection.closed = true;
      outlet.close(SESSION_ENDED.code, SESSION_ENDED.reason);
    }
    return connection;
  }

  /** Forgets a connection whose socket is gone. May be called again. */
  disconnect(connection: Connection): void {
    if (connection.closed) return;
    connection.closed = true;
    this.#hub.leave(connection.subscriber);
    this.#presence.unwatch(connection);
    this.#roster.remove(connection);
    this.#presence.changed(connection.principal.userId);
    this.#touch(connection.principal.sessionId);
  }

  /** Runs commands of a connection; replies and events go to its outlet. */
  receive(connection: Connection, commands: readonly Command[], address: string): void {
    const { principal, trace } = connection;
    const caller = { principal, address, trace };
    for (const command of commands) {
      if (connection.closed) return;
      this.#receive(connection, command, caller);
    }
  }

  /** Answers a command with a refusal, without running it. */
  refuse(connection: Connection, command: Command, error: ChatError): void {
    this.#reply(connection, command.id, this.#refusals.answer(error, command, connection));
  }

  /** Runs one command without a connection. Resolves always; refusals are results. */
  async execute(command: Command, caller: Partial<Caller>): Promise<Result> {
    const { principal = NOBODY, address = "", trace } = caller;
    try {
      const spec = specOf(command);
      if (!caller.principal && !(spec.kind !== "live" && spec.access === "anyone")) {
        throw new ChatError(Code.UNAUTHENTICATED, "No session: log in first");
      }
      if (principal.sessionId !== 0 && !this.#facts.hasSession(principal.sessionId)) {
        throw new ChatError(Code.UNAUTHENTICATED, SESSION_ENDED.reason);
      }
      if (spec.kind === "live") unmet("This command needs a socket: use /api/v1/socket");
      return await new Promise((answer) => this.#run(spec, command, { principal, address, trace }, answer));
    } catch (error) {
      return this.#refusals.answer(error, command, caller);
    }
  }

  /** Keeps commands from now on, undecided; resolves when everything before them is stored and told. */
  async pause(): Promise<void> {
    await this.#queue.pause();
    this.#writeTouched();
  }

  /** Answers commands that a pause keeps with `unavailable`, and those that come until {@link resume}. */
  refuseKept(message: string): void {
    this.#queue.refuseKept(message);
  }

  /** Goes on where it paused. */
  resume(): void {
    this.#queue.resume();
  }

  /** Commits what is queued, unless it is paused; nothing is accepted from now on. */
  async close(): Promise<void> {
    await this.#queue.close();
    this.#cancelTouch?.();
    this.#writeTouched();
    this.#presence.close();
    this.#hub.close();
  }

  /** Ends every connection, asking the clients to come back spread over a time from now. */
  closeAll(reason: string, { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): void {
    const connections = [...this.#roster.all()];
    connections.forEach((connection, index) => {
      const retryAfterMs = Math.floor(fromMs + (toMs - fromMs) * index / connections.length);
      const farewell = { code: CloseCode.RESTART, reason };
      this.#hub.push(connection.subscriber, { case: "goodbye", value: { ...farewell, retryAfterMs } });
      this.#end(connection, farewell);
    });
  }

  /** Numbers for the operator. */
  stats(): ChatStats {
    return {
      connections: this.#roster.size,
      users: this.#roster.users,
      queued: this.#queue.length,
      behind: this.#hub.behindCount,
      due: this.#hub.dueCount,
      refused: this.#refusals.counts,
      ...this.#queue.counters,
      ...this.#hub.counters,
    };
  }

  #receive(connection: Connection, command: Command, caller: Caller): void {
    const answer = (result: Result) => this.#reply(connection, command.id, result);
    try {
      const live = this.#live.run(connection, command.body);
      if (live) {
        answer(live.result);
        live.after?.();
        this.#flushSoon();
        return;
      }
      const spec = specOf(command);
      if (spec.kind === "live" || (spec.kind === "write" && spec.access === "anyone")) {
        unmet("You are logged in already: this command is for POST without a session");
      }
      if (spec.kind === "read" && !connection.subscriber.outlet.ready) {
        // Answers to one who does not read them would have no bound.
        throw new ChatError(Code.RESOURCE_EXHAUSTED, "Read what was sent to you first", FULL_RETRY_MS);
      }
      // Answered by callback, not by promise: the reply shares its frame with the event.
      this.#run(spec, command, caller, answer);
    } catch (error) {
      answer(this.#refusals.answer(error, command, caller));
    }
  }

  /** Calls back once with the result; throws only what is wrong with the command's shape. */
  #run(
    spec: Read<unknown> | Write<unknown, unknown>,
    command: Command,
    caller: Caller,
    answer: (result: Result) => void,
  ): void {
    const context: Context = { ...this.#surroundings, ...caller };
    const body = command.body.value;
    if (spec.kind === "read") return answer(spec.run(body, context));
    // Callers without an account share one number, so a key would find what somebody else did with it.
    const given = spec.access === "anyone" ? "" : command.key;
    checkKey(given, context.limits);
    const key = storedKey(command.body.case, given);
    spec.check?.(body, context.limits);
    const fail = (error: unknown) => answer(this.#refusals.answer(error, command, caller));
    const enqueue = (prepared: unknown) =>
      this.#queue.push({
        actorId: caller.principal.userId,
        sessionId: caller.principal.sessionId,
        key,
        first: spec.first,
        trace: caller.trace,
        decide: (facts) => spec.decide(body, { ...context, facts }, prepared),
        result: (first) => spec.result?.(first, context, prepared) ?? storedResult(first),
        settle: answer,
        fail,
      });
    // A retry is answered by its key: a password that was right then may be wrong now.
    const known = key !== "" && spec.prepare && this.#deps.reader.findByKey(caller.principal.userId, key);
    if (spec.prepare && !known) spec.prepare(body, context).then(enqueue, fail);
    else enqueue(undefined);
  }

  #publish(events: readonly Event[]): void {
    for (const event of events) {
      try {
        this.#publishOne(event);
      } catch (error) {
        // The events behind it may take somebody's rights away: they must not be lost with it.
        this.#deps.log.report("publish_failed", { stream: event.stream, seq: event.seq, error });
      }
    }
    this.#hub.flush();
  }

  #publishOne(event: Event): void {
    if (event.body.case === "channelLost") {
      const { channelId } = event.body.value;
      for (const connection of this.#roster.of(event.stream)) this.#live.lose(connection, channelId);
    }
    this.#hub.publish(event);
    if (event.body.case === "channelGained") {
      const { channelId } = event.body.value;
      for (const connection of this.#roster.of(event.stream)) this.#live.gain(connection, channelId);
    } else if (event.body.case === "sessionEnded") {
      this.#endSession(event.stream, event.body.value.sessionId);
    }
  }

  #endSession(userId: number, sessionId: number): void {
    for (const connection of this.#roster.of(userId)) {
      if (connection.principal.sessionId !== sessionId) continue;
      this.#end(connection, SESSION_ENDED);
    }
  }

  #end(connection: Connection, { code, reason }: { code: number; reason: string }): void {
    this.disconnect(connection);
    connection.subscriber.outlet.close(code, reason);
  }

  #reply(connection: Connection, id: number, result: Result): void {
    if (id === 0 || connection.closed) return;
    this.#hub.answer(connection.subscriber, { case: "reply", value: { id, result } });
    this.#flushSoon();
  }

  /** Sends at the end of the turn, so that everything owed to a connection shares a frame. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#hub.flush();
    });
  }

  #touch(sessionId: number): void {
    if (sessionId === 0) return;
    this.#touched.set(sessionId, this.#deps.clock.now());
    this.#cancelTouch ??= this.#deps.clock.after(TOUCH_MS, () => {
      this.#cancelTouch = undefined;
      this.#writeTouched();
    });
  }

  #writeTouched(): void {
    if (this.#touched.size > 0) this.#deps.writer.touchSessions(this.#touched);
    this.#touched = new Map();
  }
}

function specOf(command: Command): Spec<unknown> {
  const spec: Spec<never> | undefined = COMMANDS[command.body.case];
  return spec as Spec<unknown> | undefined ?? invalid("Command not known to this server");
}

/** A command's body by its name, for callers that make commands by hand. */
export function commandOf(body: CommandBody, options: { id?: number; key?: string } = {}): Command {
  return { id: options.id ?? 0, key: options.key ?? "", body };
}
