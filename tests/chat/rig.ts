/** A core on a store in memory, with people and devices. @module */
import assert from "node:assert/strict";
import { Chat, type ChatDependencies } from "../../src/chat/chat.ts";
import type { CommandBodies, CommandBody, CommandCase } from "../../src/chat/command.ts";
import type { Connection } from "../../src/chat/connections/connection.ts";
import { Code } from "../../src/chat/error.ts";
import type { Event } from "../../src/chat/event.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/chat/limits.ts";
import { OPERATOR, type Principal, Registration, type ServerRole } from "../../src/chat/model.ts";
import type { Result, ServerItem } from "../../src/chat/reply.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import { ManualClock, settle } from "./clock.ts";
import {
  CollectingOutlet,
  CountingSecrets,
  ItemKeeper,
  KeepingLog,
  PlainPasswords,
  SwitchedThrottle,
} from "./fakes.ts";

/** Fields of a command that a test does not care about. */
const BLANK: { readonly [C in CommandCase]?: Partial<CommandBodies[C]> } = {
  open: { epoch: "", cursors: [], away: false },
  register: { displayName: "", inviteCode: "", device: "", cookie: false },
  login: { device: "", cookie: false, deviceCredential: "" },
  revokeSessions: { sessionId: 0, allOthers: false },
  listUsers: { prefix: "", after: "", limit: 0 },
  createInvite: { role: 0, uses: 0, validS: 0, channelIds: [] },
  listInvites: { after: 0, limit: 0 },
  addUser: { password: "password", displayName: "", role: 0 },
  createChannel: { topic: "", private: false },
  listChannels: { prefix: "", after: "", limit: 0, includeArchived: false },
  listMembers: { after: 0, limit: 0 },
  listBans: { after: 0, limit: 0 },
  listPins: { before: 0, limit: 0 },
  sendMessage: { replyTo: 0 },
  getHistory: { position: { case: undefined }, limit: 0 },
};

/** A command's body with the unimportant fields filled in. */
export function bodyOf<C extends CommandCase>(name: C, value: Partial<CommandBodies[C]>): CommandBody {
  return { case: name, value: { ...BLANK[name], ...value } } as unknown as CommandBody;
}

export interface RigOptions {
  readonly store?: MemoryStore;
  readonly limits?: Partial<Limits>;
  readonly registration?: Registration;
  readonly dependencies?: Partial<ChatDependencies>;
}

export class Rig {
  readonly clock = new ManualClock();
  readonly store: MemoryStore;
  readonly passwords = new PlainPasswords();
  readonly secrets = new CountingSecrets();
  readonly throttle = new SwitchedThrottle();
  readonly log = new KeepingLog();
  readonly encoders = [new ItemKeeper(), new ItemKeeper()];
  readonly chat: Chat;

  constructor(options: RigOptions = {}) {
    this.store = options.store ?? new MemoryStore({ now: () => this.clock.now() });
    this.chat = new Chat({
      reader: this.store,
      writer: this.store,
      passwords: this.passwords,
      secrets: this.secrets,
      throttle: this.throttle,
      clock: this.clock,
      log: this.log,
      encoders: this.encoders,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      registration: options.registration ?? Registration.INVITE,
      configuredName: undefined,
      version: "0",
      ...options.dependencies,
    });
  }

  /** Runs a command as by POST. */
  async ask<C extends CommandCase>(
    who: Principal | undefined,
    name: C,
    value: Partial<CommandBodies[C]>,
    key = "",
  ): Promise<Result> {
    const caller = who ? { principal: who, address: "::1" } : { address: "::1" };
    return await this.chat.execute({ id: 0, key, body: bodyOf(name, value) }, caller);
  }

  /** Runs a command that must succeed. */
  async done<C extends CommandCase>(
    who: Principal | undefined,
    name: C,
    value: Partial<CommandBodies[C]>,
    key = "",
  ): Promise<Result> {
    const result = await this.ask(who, name, value, key);
    assert.notEqual(result.case, "error", `${name}: ${JSON.stringify(result)}`);
    return result;
  }

  /** Adds an account and logs it in. */
  async user(name: string, role: ServerRole | 0 = 0): Promise<Principal> {
    await this.done(OPERATOR, "addUser", { name, role });
    return await this.login(name);
  }

  /** A further session of an account. */
  async login(name: string): Promise<Principal> {
    const result = await this.done(undefined, "login", { name, password: "password" });
    assert(result.case === "sessionToken");
    return this.chat.authenticate(result.value.token)!;
  }

  /** Makes a channel and answers with its id. */
  async channel(owner: Principal, name: string, isPrivate = false): Promise<number> {
    const result = await this.done(owner, "createChannel", { name, private: isPrivate });
    assert(result.case === "channel");
    return result.value.id;
  }

  /** Writes a message and answers with its seq. */
  async say(who: Principal, channelId: number, text: string, key = ""): Promise<number> {
    const result = await this.done(who, "sendMessage", { channelId, text }, key);
    assert(result.case === "stored");
    return result.value.seq;
  }

  /** Connects a device without opening it. */
  connect(who: Principal, format = 0): Device {
    return new Device(this, who, new CollectingOutlet(format));
  }

  /** Connects and opens a device. */
  async device(who: Principal, open: Partial<CommandBodies["open"]> = {}, format = 0): Promise<Device> {
    const device = this.connect(who, format);
    await device.ask("open", open);
    return device;
  }

  /** Everything that a stream holds. */
  logOf(stream: number): Event[] {
    return this.store.events(stream, { after: 0, upTo: this.store.head(stream), limit: 1e9 });
  }
}

/** One socket's worth of client, without a mind of its own. */
export class Device {
  readonly outlet: CollectingOutlet;
  readonly connection: Connection;
  readonly #rig: Rig;
  #lastId = 0;

  constructor(rig: Rig, who: Principal, outlet: CollectingOutlet) {
    this.#rig = rig;
    this.outlet = outlet;
    this.connection = rig.chat.connect(who, outlet);
  }

  /** Sends a command in a frame of its own; its reply comes under the number. */
  send<C extends CommandCase>(name: C, value: Partial<CommandBodies[C]>, key = ""): number {
    const id = ++this.#lastId;
    this.#rig.chat.receive(this.connection, [{ id, key, body: bodyOf(name, value) }], "::1");
    return id;
  }

  /** Sends a command and lets everything happen that follows from it. */
  async ask<C extends CommandCase>(
    name: C,
    value: Partial<CommandBodies[C]>,
    key = "",
  ): Promise<Result | undefined> {
    const id = this.send(name, value, key);
    await settle();
    return this.reply(id);
  }

  reply(id: number): Result | undefined {
    const replies = this.items("reply").filter((reply) => reply.id === id);
    assert(replies.length <= 1, `Command ${id} was answered more than once`);
    return replies[0]?.result;
  }

  /** What it received of one kind. */
  items<C extends ServerItem["case"]>(kind: C): Extract<ServerItem, { case: C }>["value"][] {
    return this.outlet.items.filter((item) => item.case === kind).map((item) => item.value) as never;
  }

  /** Events of a stream that it received. */
  events(stream: number): Event[] {
    return this.items("event").filter((event) => event.stream === stream);
  }

  /** Texts of the messages that it received in a channel. */
  texts(channelId: number): string[] {
    return this.events(channelId).flatMap(({ body }) => body.case === "messageSent" ? [body.value.text] : []);
  }

  /** Names of everything it received, in order: events by their kind. */
  kinds(): string[] {
    return this.outlet.items.map((item) => item.case === "event" ? item.value.body.case : item.case);
  }
}

const CODE_NAMES = Object.fromEntries(
  Object.entries(Code).map(([name, code]) => [code, name.toLowerCase()]),
);

/** A result in one word: its kind, or the kind of refusal. */
export function outcomeOf(result: Result | undefined): string {
  if (result?.case === "error") return CODE_NAMES[result.value.code]!;
  return result?.case ?? "nothing";
}
