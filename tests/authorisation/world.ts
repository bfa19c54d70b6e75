/** One of every kind of caller on a real server, and a way back to how everything was. @module */
import { type CommandBodies, type CommandBody, type CommandCase, commandOf } from "../../src/chat/command.ts";
import { OPERATOR, type Principal, Registration } from "../../src/chat/model.ts";
import type { Result } from "../../src/chat/reply.ts";
import { Rig } from "../server/rig.ts";
import { type Kind, KINDS, type Where } from "./table.ts";

export const PASSWORD = "a good password";
const LIMITS = {
  commandsPerSecond: 1_000_000,
  commandBurst: 1_000_000,
  handshakesPerUser: 1_000_000,
  handshakesPerAddress: 1_000_000,
};

/** Whom the commands are about. */
const TARGETS = ["bystander", "deputy", "villain", "outsider", "lieutenant"] as const;
type Name = Kind | typeof TARGETS[number];

/** Role in both channels; 0 is banned, and who is not here is no member. */
const PLACES: Readonly<Partial<Record<Name, number>>> = {
  keeper: 3,
  moderator: 2,
  deputy: 2,
  member: 1,
  bystander: 1,
  disabled: 1,
  revoked: 1,
  banned: 0,
  villain: 0,
};
const ADMINS: readonly Name[] = ["admin", "lieutenant"];
const WITHOUT_SESSION: readonly Kind[] = ["nobody", "revoked", "disabled"];

export class World implements AsyncDisposable {
  readonly rig: Rig;
  readonly ids = new Map<Name, number>();
  readonly #tokens = new Map<Kind, string>();
  readonly channels: Record<Where, number> = { public: 0, private: 0, direct: 0 };
  /** A message of the bystander's in every channel. */
  readonly messages: Record<Where, number> = { public: 0, private: 0, direct: 0 };
  readonly invites = { member: 0, owner: 0 };
  /** Number of a session that goes on. */
  sessionOfBystander = 0;
  #names = 0;

  private constructor(rig: Rig) {
    this.rig = rig;
  }

  static async make(options: { registration?: Registration } = {}): Promise<World> {
    const settings = { registration: options.registration ?? Registration.OPEN };
    const world = new World(await Rig.start({ limits: LIMITS, settings }));
    await world.#populate();
    return world;
  }

  id(name: Name): number {
    return this.ids.get(name)!;
  }

  /** A name that nobody has yet. */
  newName(): string {
    return `new-${++this.#names}`;
  }

  /** The caller's token, of a session that has ended for some; undefined for nobody. */
  async token(kind: Kind): Promise<string | undefined> {
    const known = this.#tokens.get(kind);
    const { chat } = this.rig.app.core;
    if (WITHOUT_SESSION.includes(kind) || (known && chat.authenticate(known))) return known;
    const result = await this.as(undefined, "login", { name: kind, password: PASSWORD });
    if (result.case !== "sessionToken") throw new Error(`No login for ${kind}: ${JSON.stringify(result)}`);
    this.#tokens.set(kind, result.value.token);
    return result.value.token;
  }

  /** Runs a command inside the server, without a door. */
  as<C extends CommandCase>(
    principal: Principal | undefined,
    name: C,
    body: Partial<CommandBodies[C]>,
  ): Promise<Result> {
    const command = commandOf({ case: name, value: { ...EMPTY, ...body } } as unknown as CommandBody);
    return this.rig.app.core.chat.execute(command, {
      address: "127.0.0.1",
      ...(principal ? { principal } : {}),
    });
  }

  /** The same, and it has to succeed. */
  async done<C extends CommandCase>(
    principal: Principal | undefined,
    name: C,
    body: Partial<CommandBodies[C]>,
  ): Promise<Result> {
    const result = await this.as(principal, name, body);
    if (result.case === "error") throw new Error(`${name}: ${result.value.message}`);
    return result;
  }

  /** Makes everything as it was at the beginning. */
  async restore(): Promise<void> {
    const { store } = this.rig.app.core;
    for (const name of ["outsider", "lieutenant", ...KINDS] as Name[]) {
      const userId = this.id(name);
      if (userId === undefined || name === "owner") continue;
      const { role, disabled } = store.user(userId)!;
      const wanted = ADMINS.includes(name) ? 2 : 1;
      if (disabled && name !== "disabled") {
        await this.done(OPERATOR, "setUserDisabled", { userId, disabled: false });
      }
      if (role !== wanted) await this.done(OPERATOR, "setUserRole", { userId, role: wanted });
    }
    for (const where of ["public", "private"] as const) await this.#restoreChannel(where);
    for (const where of ["public", "private", "direct"] as const) await this.#restoreMessage(where);
    if (!store.invite(this.invites.member)) this.invites.member = await this.#invite(1);
    if (!store.invite(this.invites.owner)) this.invites.owner = await this.#invite(3);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
  }

  async #populate(): Promise<void> {
    for (const name of ["owner", ...KINDS, ...TARGETS] as Name[]) {
      if (name === "nobody" || this.ids.has(name)) continue;
      const role = name === "owner" ? 3 : ADMINS.includes(name) ? 2 : 1;
      const result = await this.done(OPERATOR, "addUser", { name, password: PASSWORD, role });
      if (result.case === "user") this.ids.set(name, result.value.id);
    }
    for (const [where, isPrivate] of [["public", false], ["private", true]] as const) {
      this.channels[where] = channelId(
        await this.done(this.#inside("keeper"), "createChannel", {
          name: `${where}-one`,
          private: isPrivate,
        }),
      );
      // Who was removed has been a member.
      await this.#place(where, "removed", 1);
    }
    this.channels.direct = channelId(
      await this.done(this.#inside("bystander"), "openDirect", { userIds: [this.id("member")] }),
    );
    await this.restore();
    for (const kind of ["revoked", "disabled"] as const) {
      const result = await this.done(undefined, "login", { name: kind, password: PASSWORD });
      if (result.case !== "sessionToken") throw new Error(`No login for ${kind}`);
      this.#tokens.set(kind, result.value.token);
      const principal = { kind: "user", userId: this.id(kind), sessionId: result.value.sessionId } as const;
      if (kind === "revoked") await this.done(principal, "logout", {});
    }
    await this.done(OPERATOR, "setUserDisabled", { userId: this.id("disabled"), disabled: true });
    const session = await this.done(undefined, "login", { name: "bystander", password: PASSWORD });
    if (session.case === "sessionToken") this.sessionOfBystander = session.value.sessionId;
  }

  /** Somebody without a session; the core asks for one only at its doors. */
  #inside(name: Name): Principal {
    return { kind: "user", userId: this.id(name), sessionId: 0 };
  }

  async #restoreChannel(where: "public" | "private"): Promise<void> {
    const { store } = this.rig.app.core;
    const channelId = this.channels[where];
    if (store.channel(channelId)!.archived) {
      await this.done(this.#inside("keeper"), "setChannelArchived", { channelId, archived: false });
    }
    for (const name of this.ids.keys()) await this.#place(where, name, PLACES[name]);
  }

  /** Gives somebody a role in a channel, bans them (0), or takes both away. */
  async #place(where: "public" | "private", name: Name, role: number | undefined): Promise<void> {
    const [channelId, userId, keeper] = [this.channels[where], this.id(name), this.#inside("keeper")];
    const there = this.rig.app.core.store.membership(channelId, userId);
    const now = there && (there.banned ? 0 : there.role);
    if (now === role || userId === undefined) return;
    if (now === 0) await this.done(keeper, "unbanMember", { channelId, userId });
    if (role === 0) return void await this.done(keeper, "banMember", { channelId, userId });
    if (role === undefined) {
      if (now) await this.done(keeper, "removeMember", { channelId, userId });
      return;
    }
    if (!now) await this.done(keeper, "addMember", { channelId, userId });
    if (role > 1 || now) {
      await this.done(keeper, "setMemberRole", { channelId, userId, role: role as 1 | 2 | 3 });
    }
  }

  async #restoreMessage(where: Where): Promise<void> {
    const channelId = this.channels[where];
    const facts = this.rig.app.core.store.messageFacts(channelId, this.messages[where]);
    if (facts && !facts.deleted) return;
    const result = await this.done(this.#inside("bystander"), "sendMessage", { channelId, text: "hello" });
    this.messages[where] = result.case === "stored" ? result.value.seq : 0;
  }

  async #invite(role: 1 | 3): Promise<number> {
    const result = await this.done(OPERATOR, "createInvite", { role, uses: 900 });
    return result.case === "invite" ? result.value.id : 0;
  }
}

function channelId(result: Result): number {
  return result.case === "channel" ? result.value.id : 0;
}

/** What a command's fields are when nobody says anything, as decoding would make them. */
const EMPTY = {
  id: 0,
  name: "",
  displayName: "",
  device: "",
  deviceCredential: "",
  inviteCode: "",
  text: "",
  topic: "",
  prefix: "",
  after: "",
  limit: 0,
  uses: 0,
  validS: 0,
  role: 0,
  replyTo: 0,
  channelIds: [],
  private: false,
  allOthers: false,
  sessionId: 0,
};
