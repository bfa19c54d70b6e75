/** The server, one process after the other on the same disk. @module */
import { Chat } from "../../../src/chat/chat.ts";
import { type CommandBodies, type CommandCase, commandOf } from "../../../src/chat/command.ts";
import { DEFAULT_LIMITS, type Limits } from "../../../src/chat/limits.ts";
import { OPERATOR, Registration } from "../../../src/chat/model.ts";
import type { Result } from "../../../src/chat/reply.ts";
import type { MemoryStore } from "../../support/memory_store/memory_store.ts";
import { ENCODERS } from "../../../src/wire/server_codec.ts";
import { CountingSecrets, ItemKeeper, KeepingLog, SwitchedThrottle } from "../fakes.ts";
import { bodyOf } from "../rig.ts";
import type { Dice } from "./dice.ts";
import { Disk } from "./disk.ts";
import { FaultyWriter, type Mutation } from "./faulty_writer.ts";
import { HeldPasswords, SimulatedClock } from "./ports.ts";
import { demand, type Witness } from "./witness.ts";

const LIMITS = {
  ...DEFAULT_LIMITS,
  replayEvents: 15,
  pageItems: 8,
  channelsPerUser: 10,
  sessionsPerUser: 4,
  reactionsPerMessage: 2,
  pinsPerChannel: 3,
  turnFrames: 2,
};
/** A queue so short that it refuses, and batches so small that commands wait for the next. */
const TIGHT = { queuedCommands: 6, batchCommands: 2 };

/** What a server logs to which all this happens. */
const EXPECTED = /^Commit failed|^Command failed .*This row cannot be stored/;

export interface SimulatedServerOptions {
  readonly dice: Dice;
  readonly witness: Witness;
  readonly mutation: Mutation;
}

export class SimulatedServer {
  readonly writer: FaultyWriter;
  readonly disk: Disk;
  /** Of every item, in the formats of the model clients. */
  readonly itemBytes: number;
  readonly counts = { restarts: 0, restores: 0, fellBehind: 0 };
  readonly #options: SimulatedServerOptions;
  readonly #limits: Limits;
  readonly #log = new KeepingLog();
  readonly #secrets = new CountingSecrets();
  clock = new SimulatedClock();
  passwords: HeldPasswords;
  chat: Chat;
  /** Number of the process that runs. */
  life = 0;

  constructor(options: SimulatedServerOptions) {
    const { dice, witness, mutation } = options;
    this.#options = options;
    // Large items make a replay take several frames and use up its budget.
    this.itemBytes = dice.chance(0.5) ? 100 : 30_000;
    this.#limits = dice.chance(0.3) ? { ...LIMITS, ...TIGHT } : LIMITS;
    this.disk = new Disk({
      now: () => this.clock.now(),
      syncs: () => mutation !== "never-sync" || !this.writer.faulty || dice.chance(0.3),
      onStore: (event, key) => witness.store(event, key),
    });
    this.writer = new FaultyWriter({ disk: this.disk, dice, mutation });
    this.passwords = new HeldPasswords(dice);
    this.chat = this.#start();
  }

  get store(): MemoryStore {
    return this.disk.store;
  }

  /** Mishaps begin, or end. */
  set faulty(faulty: boolean) {
    this.writer.faulty = this.passwords.slow = faulty;
  }

  execute<C extends CommandCase>(name: C, value: Partial<CommandBodies[C]>): Promise<Result> {
    return this.chat.execute(commandOf(bodyOf(name, value)), { principal: OPERATOR });
  }

  /** The process dies and another begins: what was not stored is gone. */
  async restart(): Promise<void> {
    await this.#die();
    await this.disk.crash();
    this.chat = this.#start();
  }

  /** Somebody puts the backup back: the history since then is another one. */
  async restore(): Promise<void> {
    this.counts.restores++;
    await this.#die();
    const { witness } = this.#options;
    witness.begin();
    await this.disk.restore();
    witness.begun();
    this.chat = this.#start();
  }

  /** What holds after every step. */
  check(): void {
    const { queued } = this.chat.stats();
    demand(queued <= this.#limits.queuedCommands, `${queued} commands are queued`);
    const surprise = this.#log.lines.find((line) => !EXPECTED.test(line));
    this.#log.lines.length = 0;
    demand(surprise === undefined, `the log of a healthy server says: ${surprise}`);
  }

  /** Adds what only the running process has counted. */
  countUp(): void {
    this.counts.fellBehind += this.chat.stats()["fellBehind"]!;
  }

  async #die(): Promise<void> {
    this.life++;
    this.counts.restarts++;
    this.countUp();
    this.clock = new SimulatedClock(this.clock.now());
    this.passwords = new HeldPasswords(this.#options.dice);
    this.passwords.slow = this.writer.faulty;
    await this.writer.die();
  }

  #start(): Chat {
    const encoder = () => Object.assign(new ItemKeeper(), { itemBytes: this.itemBytes });
    return new Chat({
      reader: this.store,
      writer: this.writer,
      passwords: this.passwords,
      secrets: this.#secrets,
      throttle: new SwitchedThrottle(),
      clock: this.clock,
      log: this.#log,
      encoders: [encoder(), encoder(), ...ENCODERS],
      limits: this.#limits,
      registration: Registration.INVITE,
      configuredName: undefined,
      version: "0",
    });
  }
}
