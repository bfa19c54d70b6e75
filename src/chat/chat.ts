/**
 * The core's door: the rules and the state of the chat, behind ports.
 *
 *     bounds.ts            how long each text of a command may be, asked first
 *     commands/            what may be asked, one file each: check, prepare, decide
 *     command_runner.ts    takes a command through its spec
 *     commit_queue.ts      gathers tasks into batches, commits, answers
 *     task.ts              one command on its way to the store
 *     batch.ts             decides the tasks of one commit, in order
 *     *_facts.ts           what decisions are made on: committed, and pending on top
 *     allowances.ts        what each user may bring about in a time
 *     storage_admission.ts whether what was decided may be stored now
 *     allowance_keeper.ts  what a new start must not give back of it
 *     publisher.ts         shows what is committed
 *     hub.ts               streams to subscribers: encode once, hand out
 *     replays.ts           those who are behind: left out, then caught up from the log
 *     connections.ts       how connections come and go
 *     live.ts              a connection's own commands: open, watch, typing
 *     presence.ts          who is here and who is typing; never stored
 *     roster.ts            connections by user
 *     session_activity.ts  when sessions were last used
 *     refusals.ts          what becomes of a command that fails
 *
 * @module
 */
import { AllowanceKeeper } from "./allowance_keeper.ts";
import { Allowances } from "./allowances.ts";
import type { Command } from "./command.ts";
import { CommandRunner } from "./command_runner.ts";
import { specOf } from "./commands/mod.ts";
import type { Caller } from "./commands/definition.ts";
import { CommitQueue } from "./commit/commit_queue.ts";
import { CommittedFacts } from "./facts/committed_facts.ts";
import type { Connection } from "./connections/connection.ts";
import { Connections, type Farewell } from "./connections/connections.ts";
import { ChatError, Code, unmet } from "./error.ts";
import { Hub } from "./delivery/hub.ts";
import type { Limits } from "./limits.ts";
import { LiveCommands } from "./connections/live.ts";
import type { Trace } from "./log_event.ts";
import { type Principal, type Registration } from "./model.ts";
import type {
  AllowanceStore,
  Clock,
  DiskReserve,
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
import { Presence } from "./connections/presence.ts";
import { Publisher } from "./delivery/publisher.ts";
import { Refusals } from "./refusals.ts";
import type { Result } from "./reply.ts";
import { Roster } from "./connections/roster.ts";
import { SessionActivity } from "./connections/session_activity.ts";
import type { ChatStats } from "./stats.ts";
import { StorageAdmission } from "./commit/storage_admission.ts";
import { metered, workOfLive } from "./work.ts";

/** What the operator may set while it runs. */
export interface ChatSettings {
  readonly limits: Limits;
  readonly registration: Registration;
  /** Goes before the name that an owner gave the server. */
  readonly configuredName: string | undefined;
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
  /** Absent where nobody looks at the disk. */
  readonly disk?: DiskReserve | undefined;
  /** Absent where what is spent need not outlive the process. */
  readonly allowanceStore?: AllowanceStore | undefined;
  /** Called once when nothing can be committed any more and only a new start helps. */
  onFatal?(error: unknown): void;
}

const FULL_RETRY_MS = 1000;

export class Chat {
  readonly #deps: ChatDependencies;
  readonly #facts: CommittedFacts;
  readonly #queue: CommitQueue;
  readonly #hub: Hub;
  readonly #roster = new Roster();
  readonly #presence: Presence;
  readonly #live: LiveCommands;
  readonly #refusals: Refusals;
  readonly #activity: SessionActivity;
  readonly #connections: Connections;
  readonly #publisher: Publisher;
  readonly #runner: CommandRunner;
  readonly #allowances: Allowances;
  readonly #allowanceKeeper: AllowanceKeeper | undefined;
  #flushing = false;

  constructor(dependencies: ChatDependencies) {
    this.#deps = dependencies;
    const { reader, writer, limits, clock, log, encoders, version } = dependencies;
    this.#facts = new CommittedFacts(reader);
    this.#allowances = new Allowances(limits);
    const { allowanceStore: store } = dependencies;
    this.#allowanceKeeper = store && new AllowanceKeeper({ allowances: this.#allowances, store, clock });
    this.#refusals = new Refusals(log);
    this.#activity = new SessionActivity(writer, clock);
    this.#hub = new Hub({ encoders, reader, limits, clock, log });
    this.#presence = new Presence(this.#hub, this.#roster, clock);
    const admission = new StorageAdmission({ allowances: this.#allowances, clock, disk: dependencies.disk });
    const { queuedCommands, batchCommands, userBatchCommands } = limits;
    this.#queue = new CommitQueue({
      writer,
      reader,
      facts: this.#facts,
      log,
      queuedCommands,
      batchCommands,
      userBatchCommands,
      admit: (task, decision) => admission.admit(task, decision),
      notStored: ({ actorId, events }) => this.#allowances.giveBack(actorId, events),
      publish: (events) => this.#publisher.publish(events),
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
    this.#connections = new Connections({
      facts: this.#facts,
      hub: this.#hub,
      roster: this.#roster,
      presence: this.#presence,
      activity: this.#activity,
      limits,
    });
    this.#publisher = new Publisher({
      hub: this.#hub,
      roster: this.#roster,
      live: this.#live,
      connections: this.#connections,
      log,
    });
    this.#runner = new CommandRunner({
      ...dependencies,
      facts: this.#facts,
      hub: this.#hub,
      queue: this.#queue,
      allowances: this.#allowances,
      refusals: this.#refusals,
    });
  }

  /** Other settings from the next command on. Limits that are `fixed` stay what they were. */
  configure(settings: ChatSettings): void {
    this.#runner.configure(settings);
    for (const part of [this.#hub, this.#live, this.#connections, this.#allowances]) {
      part.limits = settings.limits;
    }
  }

  /** Who holds this session token; undefined when the session has ended. */
  authenticate(token: string): Principal | undefined {
    const session = this.#facts.sessionByTokenHash(this.#deps.secrets.hashToken(token));
    if (!session || this.#facts.user(session.userId)?.disabled !== false) return undefined;
    this.#activity.touch(session.id);
    return { kind: "user", userId: session.userId, sessionId: session.id };
  }

  /** Who has a session is known at its address: strangers cannot slow down their logins from there. */
  seen({ userId }: Principal, address: string): void {
    this.#deps.throttle.seen(userId, address);
  }

  /**
   * Refuses one connection too many, before its socket exists; otherwise keeps a place for it. The result gives the
   * place back, and is called when the connection is taken in or will never be; further calls do nothing.
   */
  admit(principal: Principal): () => void {
    return this.#connections.admit(principal);
  }

  /** Takes a connection in. It receives nothing before it sends Open. */
  connect(principal: Principal, outlet: Outlet, trace?: Trace): Connection {
    return this.#connections.connect(principal, outlet, trace);
  }

  /** Forgets a connection whose socket is gone. May be called again. */
  disconnect(connection: Connection): void {
    this.#connections.disconnect(connection);
  }

  /** Runs commands of a connection; replies and events go to its outlet. */
  receive(connection: Connection, commands: Iterable<Command>, address: string): void {
    const { principal, trace, meter } = connection;
    const caller = { principal, address, trace, meter };
    for (const command of commands) {
      if (connection.closed) return;
      this.#receive(connection, command, caller);
    }
  }

  /** Answers a command with a refusal, without running it. */
  refuse(connection: Connection, command: Command, error: ChatError): void {
    this.#reply(connection, command.id, this.#refusals.answer(error, command, connection));
  }

  /** Ends a connection, asking the client to come back after a time. */
  dismiss(connection: Connection, farewell: Farewell & { readonly retryAfterMs: number }): void {
    this.#connections.dismiss(connection, farewell);
  }

  /** Runs one command without a connection. Resolves always; refusals are results. */
  execute(command: Command, caller: Partial<Caller>): Promise<Result> {
    return this.#runner.execute(command, caller);
  }

  /** Keeps commands from now on, undecided; resolves when everything before them is stored and told. */
  async pause(): Promise<void> {
    await this.#queue.pause();
    this.#activity.write();
    // It may have gone on meanwhile.
    if (this.#queue.paused) await this.#allowanceKeeper?.pause();
  }

  /** Answers commands that a pause keeps with `unavailable`, and those that come until {@link resume}. */
  refuseKept(message: string): void {
    this.#queue.refuseKept(message);
  }

  /** Goes on where it paused. */
  resume(): void {
    this.#queue.resume();
    this.#allowanceKeeper?.resume();
  }

  /** Commits what is queued, unless it is paused; nothing is accepted from now on. */
  async close(): Promise<void> {
    await this.#queue.close();
    this.#activity.close();
    await this.#allowanceKeeper?.pause();
    this.#presence.close();
    this.#hub.close();
  }

  /** Ends every connection, asking the clients to come back spread over a time from now. */
  closeAll(reason: string, spread: { readonly fromMs: number; readonly toMs: number }): void {
    this.#connections.closeAll(reason, spread);
  }

  /** What the server is called in clients. */
  get serverName(): string {
    return this.#runner.serverName;
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
      allowedBytes: this.#allowances.counters.storedBytes,
      allowanceRefusals: this.#allowances.counters.refused,
    };
  }

  #receive(connection: Connection, command: Command, caller: Caller): void {
    const answer = (result: Result) => this.#reply(connection, command.id, result);
    try {
      this.#runner.bound(command);
      if (this.#runLive(connection, command, answer)) return;
      const spec = specOf(command);
      if (spec.kind === "live" || (spec.kind === "write" && spec.access === "anyone")) {
        unmet("You are logged in already: this command is for POST without a session");
      }
      if (spec.kind === "read" && !connection.subscriber.outlet.ready) {
        // Answers to one who does not read them would have no bound.
        throw new ChatError(Code.RESOURCE_EXHAUSTED, "Read what was sent to you first", FULL_RETRY_MS);
      }
      // Answered by callback, not by promise: the reply shares its frame with the event.
      this.#runner.run(spec, command, caller, answer);
    } catch (error) {
      answer(this.#refusals.answer(error, command, caller));
    }
  }

  /** False when it is not one of a connection's own commands. */
  #runLive(connection: Connection, { body }: Command, answer: (result: Result) => void): boolean {
    const payer = { reader: this.#deps.reader, meter: connection.meter };
    const live = metered(
      payer,
      () => this.#live.run(connection, body),
      (outcome) => outcome ? workOfLive(outcome) : 0,
    );
    if (!live) return false;
    answer(live.result);
    const { after } = live;
    if (after) metered(payer, after);
    this.#flushSoon();
    return true;
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
}
