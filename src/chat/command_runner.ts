/** Takes a command through its spec: a read is answered at once, a write is prepared and goes to the queue. @module */
import { checkBounds } from "./bounds.ts";
import type { Command } from "./command.ts";
import { CommandContext } from "./command_context.ts";
import { specOf } from "./commands/mod.ts";
import { serverNameOf } from "./commands/authorisation.ts";
import {
  type Caller,
  type Read,
  storedResult,
  type Surroundings,
  type Write,
} from "./commands/definition.ts";
import type { CommitQueue } from "./commit/commit_queue.ts";
import type { CommittedFacts } from "./facts/committed_facts.ts";
import { ChatError, Code, sessionEnded, unmet } from "./error.ts";
import { contentOf } from "./fingerprint.ts";
import type { Hub } from "./delivery/hub.ts";
import { type Principal, SYSTEM_USER_ID } from "./model.ts";
import type { Clock } from "./ports.ts";
import type { Refusals } from "./refusals.ts";
import type { Result } from "./reply.ts";
import { metered, unitsOfWork, workOfAudience, workOfEvents, workOfResult } from "./work.ts";
import { checkKey, storedKey } from "./validation.ts";

interface Dependencies extends Omit<Surroundings, "now" | "newId" | "publishedHead" | "audience"> {
  readonly facts: CommittedFacts;
  readonly hub: Hub;
  readonly queue: CommitQueue;
  readonly refusals: Refusals;
  readonly clock: Clock;
}

const NOBODY: Principal = { kind: "nobody", userId: SYSTEM_USER_ID, sessionId: 0 };

export class CommandRunner {
  #surroundings: Surroundings;
  readonly #facts: CommittedFacts;
  readonly #queue: CommitQueue;
  readonly #refusals: Refusals;

  constructor(dependencies: Dependencies) {
    const { facts, hub, queue, refusals, clock } = dependencies;
    const {
      reader,
      passwords,
      secrets,
      throttle,
      allowances,
      limits,
      registration,
      configuredName,
      version,
    } = dependencies;
    this.#facts = facts;
    this.#queue = queue;
    this.#refusals = refusals;
    let lastId = reader.maxId();
    this.#surroundings = {
      facts,
      reader,
      limits,
      allowances,
      passwords,
      secrets,
      throttle,
      registration,
      configuredName,
      version,
      now: () => clock.now(),
      newId: () => ++lastId,
      publishedHead: (stream) => hub.head(stream),
      audience: (stream) => hub.audience(stream),
    };
  }

  /** Other settings from the next command on. */
  configure(settings: Pick<Surroundings, "limits" | "registration" | "configuredName">): void {
    this.#surroundings = { ...this.#surroundings, ...settings };
  }

  /** What the server is called in clients. */
  get serverName(): string {
    return serverNameOf(this.#surroundings);
  }

  /** Refuses a command with overlong texts, before anything else is done with it. */
  bound(command: Command): void {
    checkBounds(command.body, this.#surroundings.limits);
  }

  /** Runs one command without a connection. Resolves always; refusals are results. */
  async execute(command: Command, caller: Partial<Caller>): Promise<Result> {
    const { principal = NOBODY, address = "", trace, meter } = caller;
    try {
      this.bound(command);
      const spec = specOf(command);
      if (!caller.principal && !(spec.kind !== "live" && spec.access === "anyone")) {
        throw new ChatError(Code.UNAUTHENTICATED, "No session: log in first");
      }
      if (principal.sessionId !== 0 && !this.#facts.hasSession(principal.sessionId)) {
        throw sessionEnded();
      }
      if (principal.sessionId !== 0) this.#surroundings.throttle.seen(principal.userId, address);
      if (spec.kind === "live") unmet("This command needs a socket: use /api/v1/socket");
      return await new Promise((answer) =>
        this.run(spec, command, { principal, address, trace, meter }, answer)
      );
    } catch (error) {
      return this.#refusals.answer(error, command, caller);
    }
  }

  /** Calls back once with the result; throws only what is wrong with the command's shape. */
  run(
    spec: Read<unknown> | Write<unknown, unknown>,
    command: Command,
    caller: Caller,
    answer: (result: Result) => void,
  ): void {
    const context = new CommandContext(this.#surroundings, caller);
    const body = command.body.value;
    if (spec.kind === "read") return answer(metered(context, () => spec.run(body, context), workOfResult));
    // Callers without an account share one number, so a key would find what somebody else did with it.
    const given = spec.access === "anyone" ? "" : command.key;
    checkKey(given, context.limits);
    const key = storedKey(command.body.case, given);
    spec.check?.(body, context.limits);
    if (spec.foreseen) caller.meter?.charge(unitsOfWork(spec.foreseen(body, context)));
    const fingerprint = given === "" ? undefined : context.secrets.fingerprint(contentOf(command.body));
    const fail = (error: unknown) => answer(this.#refusals.answer(error, command, caller));
    const enqueue = (prepared: unknown) =>
      this.#queue.push({
        actorId: caller.principal.userId,
        sessionId: caller.principal.sessionId,
        key,
        fingerprint,
        first: spec.first,
        unbounded: caller.principal.kind === "operator",
        trace: caller.trace,
        decide: (facts) =>
          metered(
            context,
            () => spec.decide(body, context.on(facts), prepared),
            ({ events }) => workOfEvents(events.length),
          ),
        result: (first) => {
          if (!spec.foreseen) {
            caller.meter?.charge(unitsOfWork(workOfAudience(context.audience(first.stream))));
          }
          return spec.result?.(first, context, prepared) ?? storedResult(first);
        },
        settle: answer,
        fail,
      });
    // A retry is answered by its key: a password that was right then may be wrong now.
    const known = key !== "" && spec.prepare && context.reader.findByKey(caller.principal.userId, key);
    if (spec.prepare && !known) spec.prepare(body, context).then(enqueue, fail);
    else enqueue(undefined);
  }
}
