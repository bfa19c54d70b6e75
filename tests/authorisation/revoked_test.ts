/** P4 Nothing that is stored after a session's end, or after a removal, reaches who it was taken from. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { OPERATOR } from "../../src/chat/model.ts";
import { WireSocket } from "../server/wire_socket.ts";
import { PASSWORD, World } from "./world.ts";

const SESSION_ENDED = 3500;

type Way = (world: World) => Promise<unknown>;

/** A session of the member's besides the one that is looked at. */
async function again(world: World) {
  const result = await world.done(undefined, "login", { name: "member", password: PASSWORD });
  if (result.case !== "sessionToken") throw new Error("No login");
  return { kind: "user", userId: world.id("member"), sessionId: result.value.sessionId } as const;
}

const ENDS: Readonly<Record<string, Way>> = {
  "revoked from another device": async (world) =>
    await world.done(await again(world), "revokeSessions", { allOthers: true }),
  "password changed on another device": async (world) =>
    await world.done(await again(world), "changePassword", { oldPassword: PASSWORD, newPassword: PASSWORD }),
  "password reset": (world) =>
    world.done(OPERATOR, "resetPassword", { userId: world.id("member"), password: PASSWORD }),
  "account disabled": async (world) => {
    await world.done(OPERATOR, "setUserDisabled", { userId: world.id("member"), disabled: true });
    await world.done(OPERATOR, "setUserDisabled", { userId: world.id("member"), disabled: false });
  },
  "thirty-two newer sessions": async (world) => {
    for (let at = 0; at < 32; at++) await again(world);
  },
};

const REMOVALS: Readonly<Record<string, Way>> = {
  "removed": (world) =>
    world.done(keeper(world), "removeMember", {
      channelId: world.channels.private,
      userId: world.id("member"),
    }),
  "banned": (world) =>
    world.done(keeper(world), "banMember", { channelId: world.channels.private, userId: world.id("member") }),
};

function keeper(world: World) {
  return { kind: "user", userId: world.id("keeper"), sessionId: 0 } as const;
}

/** Somebody says something in the private channel all the time, until told to stop. */
class Talk {
  readonly #world: World;
  readonly #done: Promise<void>;
  #over = false;
  /** Newest message that was stored. */
  seq = 0;

  constructor(world: World) {
    this.#world = world;
    this.#done = this.#run();
  }

  async end(): Promise<number> {
    this.#over = true;
    await this.#done;
    return this.seq;
  }

  async #run(): Promise<void> {
    while (!this.#over) this.seq = await say(this.#world);
  }
}

async function say(world: World): Promise<number> {
  const { channels } = world;
  const result = await world.done(keeper(world), "sendMessage", {
    channelId: channels.private,
    text: "secret",
  });
  return result.case === "stored" ? result.value.seq : 0;
}

/** Numbers of the private channel's events that a socket has got. */
function heard(world: World, wire: WireSocket): number[] {
  return wire.all("event").filter(({ stream }) => stream === world.channels.private).map(({ seq }) => seq);
}

for (const [way, end] of Object.entries(ENDS)) {
  Deno.test(`P4 a session that has ended hears nothing more: ${way}`, async () => {
    await using world = await World.make();
    for (const json of [false, true]) {
      await world.restore();
      const token = (await world.token("member"))!;
      const wire = await WireSocket.open(world.rig.socketUrl, { token, json });
      const talk = new Talk(world);
      await wire.take("event", ({ stream }) => stream === world.channels.private);
      await end(world);
      const after = talk.seq;
      // By now everything said was said after the end.
      equal((await wire.closed).code, SESSION_ENDED);
      await talk.end();
      await say(world);
      // One message may have been on its way to the disk when the end was.
      ok(heard(world, wire).every((seq) => seq <= after + 1), `${after}: ${heard(world, wire)}`);
      const late = new WireSocket(world.rig.socketUrl, { token, json });
      equal(await late.opened, false);
    }
  });
}

for (const [way, remove] of Object.entries(REMOVALS)) {
  Deno.test(`P3 a member who is ${way} hears nothing more of the channel, and of others as before`, async () => {
    await using world = await World.make();
    const wires = [];
    for (const json of [false, true]) {
      wires.push(await WireSocket.open(world.rig.socketUrl, { token: (await world.token("member"))!, json }));
    }
    const talk = new Talk(world);
    for (const wire of wires) await wire.take("event", ({ stream }) => stream === world.channels.private);
    await remove(world);
    const seq = await talk.end();
    for (const wire of wires) {
      await wire.take("event", ({ body }) => body.case === "channelLost");
      const known = heard(world, wire);
      await say(world);
      // The other channel's message comes after whatever the first would have brought.
      await world.done(keeper(world), "sendMessage", { channelId: world.channels.public, text: "for all" });
      await wire.take(
        "event",
        ({ stream, body }) => stream === world.channels.public && body.case === "messageSent",
      );
      deepEqual(heard(world, wire), known);
      // Its own going is the last that it may hear of.
      const left = wire.items.findIndex(({ item }) =>
        item.case === "event" && item.value.body.case === "channelLost"
      );
      const afterwards = wire.items.slice(left).filter(({ item }) =>
        item.case === "event" && item.value.stream === world.channels.private
      );
      deepEqual(afterwards, []);
      ok(known.length > 0 && known.at(-1)! <= seq + 1);
      await wire.close();
    }
  });
}
