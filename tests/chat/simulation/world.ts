/**
 * Server lives, devices and mishaps, one step at a time. Everything that
 * happens follows from the seed.
 *
 * @module
 */
import { Chat, commandOf } from "../../../src/chat/chat.ts";
import type { CommandBodies, CommandCase } from "../../../src/chat/command.ts";
import type { Connection } from "../../../src/chat/connection.ts";
import { DEFAULT_LIMITS } from "../../../src/chat/limits.ts";
import { OPERATOR, Registration, ServerRole, type User } from "../../../src/chat/model.ts";
import type { Result } from "../../../src/chat/reply.ts";
import { MemoryStore } from "../../../src/store/memory.ts";
import { ManualClock, settle } from "../clock.ts";
import { CountingSecrets, ItemKeeper, KeepingLog, PlainPasswords, SwitchedThrottle } from "../fakes.ts";
import { bodyOf } from "../rig.ts";
import { ModelClient } from "./client.ts";
import { compareWithStore } from "./compare.ts";
import { Deeds } from "./deeds.ts";
import { Dice } from "./dice.ts";
import { FaultyWriter, type Mutation } from "./faulty_writer.ts";
import { Pipe } from "./pipe.ts";
import { demand, Violation, Witness } from "./witness.ts";

const LIMITS = {
  ...DEFAULT_LIMITS,
  replayEvents: 15,
  pageItems: 8,
  channelsPerUser: 10,
  sessionsPerUser: 3,
  reactionsPerMessage: 2,
  turnFrames: 2,
};
const USERS = ["user0", "user1", "user2", "user3"];
const DEVICES_PER_USER = 2;
const STEPS = 500;

interface Device {
  readonly client: ModelClient;
  readonly name: string;
  token: string;
  /** A login is under way. */
  loggingIn: boolean;
  connection: Connection | undefined;
  pipe: Pipe | undefined;
}

export class World {
  readonly witness = new Witness();
  readonly devices: Device[] = [];
  readonly counts = { restarts: 0, cuts: 0, logins: 0, fellBehind: 0 };
  readonly writer: FaultyWriter;
  readonly #dice: Dice;
  readonly #mutation: Mutation;
  readonly #log = new KeepingLog();
  readonly #secrets = new CountingSecrets();
  readonly #itemBytes: number;
  readonly #store: MemoryStore;
  #clock = new ManualClock();
  #chat: Chat;
  #deeds: Deeds | undefined;

  constructor(seed: number, mutation: Mutation) {
    this.#dice = new Dice(seed);
    this.#mutation = mutation;
    // Large items make a replay take several frames and use up its budget.
    this.#itemBytes = this.#dice.chance(0.5) ? 100 : 30_000;
    this.#store = new MemoryStore({ now: () => this.#clock.now() });
    this.writer = new FaultyWriter({
      store: this.#store,
      witness: this.witness,
      dice: this.#dice,
      mutation,
    });
    this.#chat = this.#start();
  }

  /** Lives through one seed. Throws Violation, with the step, when a promise is broken. */
  async run(): Promise<void> {
    await this.#populate();
    this.writer.faulty = true;
    let step = 0;
    try {
      for (; step < STEPS; step++) {
        this.#step();
        await settle();
        this.#check();
      }
      await this.#calm();
      demand(this.witness.broken === undefined, this.witness.broken ?? "");
      this.#compare();
    } catch (error) {
      if (error instanceof Violation) throw new Violation(`step ${step}: ${error.message}`);
      throw error;
    }
  }

  #start(): Chat {
    const encoder = () => Object.assign(new ItemKeeper(), { itemBytes: this.#itemBytes });
    return new Chat({
      reader: this.#store,
      writer: this.writer,
      passwords: new PlainPasswords(),
      secrets: this.#secrets,
      throttle: new SwitchedThrottle(),
      clock: this.#clock,
      log: this.#log,
      encoders: [encoder(), encoder()],
      limits: LIMITS,
      registration: Registration.INVITE,
      serverName: "Simulation",
      version: "0",
    });
  }

  async #populate(): Promise<void> {
    for (const name of USERS) {
      const role = name === USERS[0] ? ServerRole.OWNER : 0;
      await this.#execute("addUser", { name, role });
    }
    const ids = USERS.map((name) => this.#store.userByName(name)!.id);
    this.#deeds = new Deeds(this.#dice, this.witness, ids);
    for (let index = 0; index < USERS.length * DEVICES_PER_USER; index++) {
      const at = index % USERS.length;
      const client = new ModelClient(ids[at]!, this.witness);
      const device = { client, name: USERS[at]!, token: "", loggingIn: false };
      this.devices.push({ ...device, connection: undefined, pipe: undefined });
      await this.#login(this.devices.at(-1)!);
    }
  }

  #execute<C extends CommandCase>(name: C, value: Partial<CommandBodies[C]>): Promise<Result> {
    return this.#chat.execute(commandOf(bodyOf(name, value)), { principal: OPERATOR });
  }

  #step(): void {
    this.#clock.advance(this.#dice.below(40));
    for (const { connection } of this.devices) {
      demand(connection?.subscriber.owed === undefined, "something is pending after its turn");
    }
    const device = this.#dice.pick(this.devices)!;
    switch (
      this.#dice.weighted({
        act: 40,
        read: 50,
        commit: 30,
        connect: 12,
        cut: 4,
        restart: 1,
        enable: 1,
        wait: 4,
      })
    ) {
      case "act":
        return this.#act(device);
      case "read":
        return this.#read(device, 1 + this.#dice.below(4));
      case "commit":
        return this.writer.release();
      case "connect":
        return this.#connect(device);
      case "cut":
        return this.#cut(device);
      case "restart":
        return this.#restart();
      case "enable":
        return this.#enable(this.#store.user(device.client.userId)!);
      case "wait":
        return this.#clock.advance(300);
    }
  }

  #enable({ id, disabled }: User): void {
    if (disabled) this.#execute("setUserDisabled", { userId: id, disabled: false });
  }

  /** A frame of one to three commands. */
  #act(device: Device): void {
    const { client, connection, pipe } = device;
    for (let left = 1 + this.#dice.below(3); left > 0; left--) {
      if (client.outbox.length < 6) client.outbox.push(this.#deeds!.durable(client));
    }
    if (!connection || !client.open || pipe!.cut) return;
    const passing = this.#dice.chance(0.3) ? [client.ask(this.#deeds!.passing(client))] : [];
    const commands = [...client.take(), ...passing.map((command) => ({ ...command, key: "" }))];
    this.#chat.receive(connection, commands, "::1");
  }

  #read({ client, pipe }: Device, frames: number): void {
    for (let left = frames; pipe && pipe.unread > 0 && left > 0; left--) {
      for (const item of pipe.read()!) client.hear(item);
    }
  }

  #connect(device: Device): void {
    if (device.pipe?.closedBy !== undefined && device.pipe.unread === 0) this.#drop(device);
    if (device.client.stale) this.#cut(device);
    if (device.connection || device.loggingIn) return;
    const principal = this.#chat.authenticate(device.token);
    if (!principal) return void this.#login(device);
    const { witness } = this;
    const room = this.writer.faulty && this.#dice.chance(0.6)
      ? this.#itemBytes * (1 + this.#dice.below(6))
      : Infinity;
    const { userId } = device.client;
    const options = { userId, room, witness, dice: this.#dice, mutation: this.#mutation };
    device.pipe = new Pipe({ ...options, format: this.#dice.below(2) });
    device.connection = this.#chat.connect(principal, device.pipe);
    this.#chat.receive(device.connection, [{ ...device.client.begin(), key: "" }], "::1");
  }

  async #login(device: Device): Promise<void> {
    device.loggingIn = true;
    const value = { name: device.name, password: "password" };
    const result = await this.#chat.execute(commandOf(bodyOf("login", value)), {});
    device.loggingIn = false;
    if (result.case === "sessionToken") device.token = result.value.token;
    this.counts.logins++;
  }

  /** The peer is gone; the server may hear of it later, or at once. */
  #cut(device: Device): void {
    if (!device.pipe) return;
    this.counts.cuts++;
    device.pipe.sever();
    this.#drop(device);
  }

  #drop(device: Device): void {
    if (device.connection) this.#chat.disconnect(device.connection);
    device.connection = device.pipe = undefined;
    device.client.open = false;
  }

  /** The process dies and another begins: what was not stored is gone. */
  #restart(): void {
    this.counts.restarts++;
    this.counts.fellBehind += this.#chat.stats()["fellBehind"]!;
    for (const device of this.devices) {
      device.pipe?.sever();
      device.connection = device.pipe = undefined;
      device.client.open = device.loggingIn = false;
    }
    this.writer.forget();
    this.#clock = new ManualClock(this.#clock.now());
    this.#chat = this.#start();
  }

  /** What holds after every step. */
  #check(): void {
    demand(this.witness.broken === undefined, this.witness.broken ?? "");
    if (this.writer.dead && this.writer.holding === 0 && this.#dice.chance(0.3)) this.#restart();
    for (const { connection, pipe } of this.devices) {
      if (!connection || !pipe) continue;
      if (this.writer.holding > 0 || this.writer.dead) continue;
      const { userId, sessionId } = connection.principal;
      const alive = this.#store.sessionsOf(userId).some(({ id }) => id === sessionId);
      demand(alive || pipe.closedBy !== undefined, `session ${sessionId} has ended and is still served`);
    }
    const surprise = this.#log.lines.find((line) => !line.startsWith("Commit failed"));
    demand(surprise === undefined, `the log of a healthy server says: ${surprise}`);
  }

  /** Mishaps end; everybody comes to rest. */
  async #calm(): Promise<void> {
    if (this.writer.dead) this.#restart();
    this.writer.faulty = false;
    for (let round = 0; round < 60; round++) {
      for (const name of USERS) this.#enable(this.#store.userByName(name)!);
      for (const device of this.devices) {
        this.#connect(device);
        this.#read(device, Infinity);
        const { client, connection } = device;
        if (connection && client.open) this.#chat.receive(connection, client.take(), "::1");
      }
      this.writer.release();
      this.#clock.advance(100);
      await settle();
      if (this.#quiet()) break;
    }
    for (const { client } of this.devices) {
      demand(client.caughtUp, `a device of user ${client.userId} never caught up`);
      demand(client.outbox.length === 0, `${client.outbox[0]?.body.case} was never answered`);
    }
    for (const device of this.devices) await this.#fetch(device);
  }

  #quiet(): boolean {
    return this.devices.every(({ client, connection, pipe }) =>
      client.caughtUp && !client.stale && client.outbox.length === 0 && pipe?.unread === 0 &&
      pipe.closedBy === undefined && connection?.subscriber.behind === undefined
    ) && this.writer.holding === 0;
  }

  /** Loads what came before the events that a device has, page by page. */
  async #fetch(device: Device): Promise<void> {
    for (const [channelId, fold] of device.client.channels) {
      for (let after = 0; after < fold.baseSeq;) {
        const value = { channelId, position: { case: "after", value: after } as const, limit: 0 };
        const known = new Set(fold.messages.keys());
        this.#chat.receive(
          device.connection!,
          [{ ...device.client.ask({ case: "getHistory", value }), key: "" }],
          "::1",
        );
        await settle();
        this.#read(device, Infinity);
        const found = [...fold.messages.keys()].filter((seq) => seq > after && !known.has(seq));
        if (found.length === 0) break;
        after = Math.max(...found);
      }
    }
  }

  #compare(): void {
    this.witness.check();
    this.counts.fellBehind += this.#chat.stats()["fellBehind"]!;
    for (const { client } of this.devices) compareWithStore(client, this.#store);
  }
}
