/**
 * Server lives, devices and mishaps, one step at a time. Everything that
 * happens follows from the seed.
 *
 * @module
 */
import { commandOf } from "../../../src/chat/command.ts";
import type { Connection } from "../../../src/chat/connections/connection.ts";
import { ServerRole, type User } from "../../../src/chat/model.ts";
import { settle } from "../clock.ts";
import { bodyOf } from "../rig.ts";
import { ModelClient } from "./client.ts";
import { compareReplica, compareWithStore } from "./compare.ts";
import { Deeds } from "./deeds.ts";
import { Dice } from "./dice.ts";
import type { Mutation } from "./faulty_writer.ts";
import { Pipe } from "./pipe.ts";
import { SdkDevice } from "./sdk_device.ts";
import { SimulatedServer } from "./server.ts";
import { Trace } from "./trace.ts";
import { demand, Violation, Witness } from "./witness.ts";

const USERS = ["user0", "user1", "user2", "user3"];
const DEVICES_PER_USER = 2;
/** Users who have a device with the SDK besides, one for each format. */
const SDK_DEVICES = 2;
/** A commit, its answers, and what the SDK says to them. */
const SETTLED = 64;
const STEPS = 500;
const STEP_WEIGHTS = {
  act: 40,
  read: 50,
  commit: 30,
  password: 10,
  turn: 20,
  connect: 12,
  cut: 4,
  impatience: 2,
  stall: 0.6,
  restart: 1,
  backup: 0.6,
  restore: 0.2,
  enable: 1,
  wait: 4,
  sdkAct: 12,
  sdkRead: 18,
  sdkMeet: 8,
  sdkCut: 1.5,
  sdkRerun: 0.4,
};

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
  readonly trace = new Trace();
  readonly witness = new Witness(this.trace);
  readonly devices: Device[] = [];
  readonly sdkDevices: SdkDevice[] = [];
  readonly server: SimulatedServer;
  readonly counts = { cuts: 0, impatient: 0, logins: 0 };
  readonly #dice: Dice;
  readonly #mutation: Mutation;
  #deeds: Deeds | undefined;

  constructor(seed: number, mutation: Mutation) {
    this.#dice = new Dice(seed);
    this.#mutation = mutation;
    this.server = new SimulatedServer({ dice: this.#dice, witness: this.witness, mutation });
  }

  /** Lives through one seed. Throws Violation, with the step, when a promise is broken. */
  async run(): Promise<void> {
    await this.#populate();
    this.server.faulty = true;
    let step = 0;
    try {
      for (; step < STEPS; step++) {
        await this.#step();
        await settle(SETTLED);
        await this.#check();
      }
      await this.#calm();
      demand(this.witness.broken === undefined, this.witness.broken ?? "");
      this.#compare();
    } catch (error) {
      if (error instanceof Violation) throw new Violation(`step ${step}: ${error.message}`);
      throw error;
    }
  }

  async #populate(): Promise<void> {
    for (const name of USERS) {
      const role = name === USERS[0] ? ServerRole.OWNER : 0;
      await this.server.execute("addUser", { name, role });
    }
    const ids = USERS.map((name) => this.server.store.userByName(name)!.id);
    this.#deeds = new Deeds(this.#dice, this.witness, ids);
    for (let index = 0; index < USERS.length * DEVICES_PER_USER; index++) {
      const at = index % USERS.length;
      const client = new ModelClient(ids[at]!, this.witness);
      const device = { client, name: USERS[at]!, token: "", loggingIn: false };
      this.devices.push({ ...device, connection: undefined, pipe: undefined });
      await this.#login(this.devices.at(-1)!);
    }
    for (let format = 0; format < SDK_DEVICES; format++) {
      const who = { userId: ids[format]!, name: USERS[format]!, format };
      this.sdkDevices.push(
        new SdkDevice({ ...who, dice: this.#dice, witness: this.witness, trace: this.trace }),
      );
      await this.#runSdk(this.sdkDevices.at(-1)!);
    }
  }

  async #step(): Promise<void> {
    const { writer, passwords, disk, store } = this.server;
    this.#advance(this.#dice.below(40));
    if (this.#dice.chance(0.7)) this.#turn();
    const sdk = this.#dice.pick(this.sdkDevices)!;
    writer.tick();
    const device = this.#dice.pick(this.devices)!;
    const name = this.#dice.weighted(STEP_WEIGHTS);
    this.trace.note(name, device.client.userId);
    switch (name) {
      case "act":
        return this.#act(device);
      case "read":
        return this.#read(device, 1 + this.#dice.below(4));
      case "commit":
        return writer.release();
      case "password":
        return passwords.release();
      case "turn":
        return this.#turn();
      case "connect":
        return this.#connect(device);
      case "cut":
        return this.#cut(device);
      case "impatience":
        return this.#loseTemper(device);
      case "stall":
        return writer.stall(10 + this.#dice.below(40));
      case "restart":
        return await this.#restart();
      case "backup":
        return disk.backup();
      case "restore":
        return disk.saved ? await this.#restore() : undefined;
      case "enable":
        return this.#enable(store.user(device.client.userId)!);
      case "wait":
        return this.#advance(300);
      case "sdkAct":
        return sdk.act(this.#deeds!);
      case "sdkRead":
        return sdk.read(1 + this.#dice.below(4));
      case "sdkMeet":
        return this.#meet(sdk, this.#dice.chance(0.4) ? 1 + this.#dice.below(4000) : Infinity);
      case "sdkCut":
        return sdk.cut();
      case "sdkRerun":
        return sdk.run();
    }
  }

  #advance(ms: number): void {
    this.server.clock.advance(ms);
    for (const sdk of this.sdkDevices) sdk.advance(ms);
  }

  /** The loop goes round until nobody waits for it. */
  #turn(): void {
    const { clock } = this.server;
    while (clock.turns > 0) clock.turn();
    for (const { connection } of this.devices) {
      demand(connection?.subscriber.owed === undefined, "something is pending after its turn");
    }
  }

  #enable({ id, disabled }: User): void {
    if (disabled) this.server.execute("setUserDisabled", { userId: id, disabled: false });
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
    pipe!.asked += commands.length;
    this.server.chat.receive(connection, commands, "::1");
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
    const principal = this.server.chat.authenticate(device.token);
    if (!principal) return void this.#login(device);
    const { witness } = this;
    const room = this.server.writer.faulty && this.#dice.chance(0.6)
      ? this.server.itemBytes * (1 + this.#dice.below(6))
      : Infinity;
    const { userId } = device.client;
    const options = { userId, room, witness, trace: this.trace, dice: this.#dice, mutation: this.#mutation };
    device.pipe = new Pipe({ ...options, format: this.#dice.below(2) });
    device.connection = this.server.chat.connect(principal, device.pipe);
    this.server.chat.receive(device.connection, [{ ...device.client.begin(), key: "" }], "::1");
  }

  async #login(device: Pick<Device, "name" | "token" | "loggingIn">): Promise<void> {
    device.loggingIn = true;
    const { life } = this.server;
    const value = { name: device.name, password: "password" };
    const result = await this.server.chat.execute(commandOf(bodyOf("login", value)), {});
    if (life !== this.server.life) return;
    device.loggingIn = false;
    if (result.case === "sessionToken") device.token = result.value.token;
    this.counts.logins++;
  }

  /** The server takes the dialing device in; with a session that has ended it logs in first. */
  #meet(sdk: SdkDevice, room = Infinity): void {
    if (!this.server.chat.authenticate(sdk.token) || sdk.client.state.name === "ended") {
      return void this.#runSdk(sdk);
    }
    sdk.meet(this.server.chat, room);
  }

  async #runSdk(sdk: SdkDevice): Promise<void> {
    if (sdk.loggingIn) return;
    await this.#login(sdk);
    if (this.server.chat.authenticate(sdk.token)) sdk.run();
  }

  /** The peer is gone; the server may hear of it later, or at once. */
  #cut(device: Device): void {
    if (!device.pipe) return;
    this.counts.cuts++;
    device.pipe.sever();
    this.#drop(device);
  }

  /** Its patience is at an end, as nothing that it sent is answered: it comes back and sends it again. */
  #loseTemper(device: Device): void {
    const waits = device.client.open && device.client.outbox.some(({ due }) => !due);
    if (!waits) return;
    this.counts.impatient++;
    this.#cut(device);
    this.#connect(device);
  }

  #drop(device: Device): void {
    if (device.connection) this.server.chat.disconnect(device.connection);
    device.connection = device.pipe = undefined;
    device.client.open = false;
  }

  async #restart(): Promise<void> {
    this.#lose();
    await this.server.restart();
  }

  async #restore(): Promise<void> {
    this.#lose();
    await this.server.restore();
  }

  /** Every connection ends with the process. */
  #lose(): void {
    for (const device of this.devices) {
      device.pipe?.sever();
      device.connection = device.pipe = undefined;
      device.client.open = device.loggingIn = false;
    }
    for (const sdk of this.sdkDevices) {
      sdk.cut();
      sdk.loggingIn = false;
    }
  }

  /** What holds after every step. */
  async #check(): Promise<void> {
    demand(this.witness.broken === undefined, this.witness.broken ?? "");
    const { writer } = this.server;
    this.server.check();
    if (writer.dead && writer.holding === 0 && this.#dice.chance(0.3)) await this.#restart();
    for (const { connection, pipe } of this.devices) {
      if (!connection || !pipe) continue;
      demand(pipe.bytes <= pipe.boundBytes(this.server.itemBytes), `${pipe.bytes} bytes lie in a socket`);
      if (writer.holding > 0 || writer.dead) continue;
      const { userId, sessionId } = connection.principal;
      const alive = this.server.store.sessionsOf(userId).some(({ id }) => id === sessionId);
      demand(alive || pipe.closedBy !== undefined, `session ${sessionId} has ended and is still served`);
    }
  }

  /** Mishaps end; everybody comes to rest. */
  async #calm(): Promise<void> {
    if (this.server.writer.dead) await this.#restart();
    this.server.faulty = false;
    const { writer, passwords } = this.server;
    for (let round = 0; round < 120; round++) {
      for (const name of USERS) this.#enable(this.server.store.userByName(name)!);
      for (const device of this.devices) {
        this.#connect(device);
        this.#read(device, Infinity);
        const { client, connection } = device;
        if (connection && client.open) this.server.chat.receive(connection, client.take(), "::1");
      }
      for (const sdk of this.sdkDevices) {
        this.#meet(sdk);
        sdk.read(Infinity);
      }
      writer.tick();
      writer.release();
      while (passwords.holding > 0) passwords.release();
      this.#advance(100);
      await settle(SETTLED);
      this.#turn();
      if (this.#quiet()) break;
    }
    for (const { client } of this.devices) {
      demand(client.caughtUp, `a device of user ${client.userId} never caught up`);
      demand(client.outbox.length === 0, `${client.outbox[0]?.body.case} was never answered`);
    }
    for (const { name, quiet } of this.sdkDevices) {
      demand(quiet, `the SDK's device of ${name} never came to rest`);
    }
    for (const device of this.devices) await this.#fetch(device);
  }

  #quiet(): boolean {
    return this.devices.every(({ client, connection, pipe }) =>
      client.caughtUp && !client.stale && client.outbox.length === 0 && pipe?.unread === 0 &&
      pipe.closedBy === undefined && connection?.subscriber.behind === undefined
    ) && this.sdkDevices.every(({ quiet }) => quiet) && this.server.writer.holding === 0;
  }

  /** Loads what came before the events that a device has, page by page. */
  async #fetch(device: Device): Promise<void> {
    for (const [channelId, fold] of device.client.channels) {
      for (let after = 0; after < fold.baseSeq;) {
        const value = { channelId, position: { case: "after", value: after } as const, limit: 0 };
        const known = new Set(fold.messages.keys());
        this.server.chat.receive(
          device.connection!,
          [{ ...device.client.ask({ case: "getHistory", value }), key: "" }],
          "::1",
        );
        await settle(SETTLED);
        this.#turn();
        this.#read(device, Infinity);
        const found = [...fold.messages.keys()].filter((seq) => seq > after && !known.has(seq));
        if (found.length === 0) break;
        after = Math.max(...found);
      }
    }
  }

  #compare(): void {
    this.witness.check();
    this.server.countUp();
    const { store } = this.server;
    for (const { client } of this.devices) compareWithStore(client, store);
    for (const { client, userId } of this.sdkDevices) compareReplica(client, userId, store);
  }
}
