import type { Caller, Context, Surroundings } from "./commands/definition.ts";
import type { Facts } from "./facts/facts.ts";

/** The {@link Context} of one command. Every command has one, so it refers to what all share and copies nothing. */
export class CommandContext implements Context {
  readonly #shared: Surroundings;
  readonly #caller: Caller;
  readonly facts: Facts;

  constructor(shared: Surroundings, caller: Caller, facts: Facts = shared.facts) {
    this.#shared = shared;
    this.#caller = caller;
    this.facts = facts;
  }

  /** The same on other facts. */
  on(facts: Facts): CommandContext {
    return facts === this.facts ? this : new CommandContext(this.#shared, this.#caller, facts);
  }

  get principal() {
    return this.#caller.principal;
  }

  get address() {
    return this.#caller.address;
  }

  get trace() {
    return this.#caller.trace;
  }

  get meter() {
    return this.#caller.meter;
  }

  get reader() {
    return this.#shared.reader;
  }

  get limits() {
    return this.#shared.limits;
  }

  get allowances() {
    return this.#shared.allowances;
  }

  get passwords() {
    return this.#shared.passwords;
  }

  get secrets() {
    return this.#shared.secrets;
  }

  get throttle() {
    return this.#shared.throttle;
  }

  get registration() {
    return this.#shared.registration;
  }

  get configuredName() {
    return this.#shared.configuredName;
  }

  get version() {
    return this.#shared.version;
  }

  get now() {
    return this.#shared.now;
  }

  get newId() {
    return this.#shared.newId;
  }

  get publishedHead() {
    return this.#shared.publishedHead;
  }

  get audience() {
    return this.#shared.audience;
  }
}
