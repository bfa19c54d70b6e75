/** One who brings about as much as the limits allow, aimed at one other. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { ChannelKind, ChannelRole, RookeryClient } from "../../src/client/mod.ts";
import { type CommandInit, WireSocket } from "../server/wire_socket.ts";
import { type Siege, siege } from "./siege.ts";
import type { Account, Target } from "./target.ts";

const { addedChannelsPerUser, channelsMadePerUser, directsOpenedPerUser } = DEFAULT_LIMITS;
/** Without rates: what is left are the totals. */
const NO_RATES = {
  commandsPerSecond: 1_000_000,
  commandBurst: 1_000_000,
  newChannels: 1_000_000,
  newDirects: 1_000_000,
  newMembers: 1_000_000,
};
const FRAME = 150;

type Body = NonNullable<CommandInit["body"]>;

/** An opened socket that asks much at once. */
class Asker implements AsyncDisposable {
  readonly #socket: WireSocket;
  #lastId = 1;

  private constructor(socket: WireSocket) {
    this.#socket = socket;
  }

  static async open({ socketUrl }: Target, { token }: Account): Promise<Asker> {
    return new Asker(await WireSocket.open(socketUrl, { token }));
  }

  /** What is answered, in the order of the commands. */
  async ask(bodies: readonly Body[]) {
    const results = [];
    for (let from = 0; from < bodies.length; from += FRAME) {
      const commands = bodies.slice(from, from + FRAME).map((body) => ({ id: ++this.#lastId, body }));
      this.#socket.send(...commands);
      for (const { id } of commands) results.push((await this.#socket.reply(id)).result);
    }
    return results;
  }

  /** How many commands were done. */
  async done(bodies: readonly Body[]): Promise<number> {
    return (await this.ask(bodies)).filter(({ case: kind }) => kind !== "error").length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close();
  }
}

/** Makes channels, and answers the ids of those that were made. */
async function make(asker: Asker, count: number, name: string): Promise<number[]> {
  const results = await asker.ask(
    Array.from(
      { length: count },
      (_, at): Body => ({ case: "createChannel", value: { name: `${name}-${at}`, private: at % 2 === 0 } }),
    ),
  );
  return results.flatMap((result) => result.case === "channel" ? [result.value.id] : []);
}

function leaving(channelIds: readonly number[]): Body[] {
  return channelIds.map((channelId) => ({ case: "leaveChannel", value: { channelId } }));
}

async function fillPlaces({ target, mallory }: Siege): Promise<void> {
  const victim = await target.person();
  const userId = victim.userId;
  await using attacker = await Asker.open(target, mallory);
  let made = 0;
  let added = 0;
  for (let round = 0; round < 7; round++) {
    const ids = await make(attacker, FRAME, `gift-${round}`);
    made += ids.length;
    added += await attacker.done(
      ids.map((channelId): Body => ({ case: "addMember", value: { channelId, userId } })),
    );
    const role = ChannelRole.OWNER;
    await attacker.ask(
      ids.map((channelId): Body => ({ case: "setMemberRole", value: { channelId, userId, role } })),
    );
    equal(await attacker.done(leaving(ids)), ids.length);
  }
  deepEqual([made, added], [7 * FRAME, addedChannelsPerUser]);

  await using client = new RookeryClient(target.url, { token: victim.token });
  await client.live();
  const gifts = [...client.replica.channels.values()].filter(({ channel }) =>
    channel.name.startsWith("gift")
  );
  equal(gifts.length, addedChannelsPerUser);
  await using self = await Asker.open(target, victim);
  const own = await make(self, 200, "own");
  equal(own.length, 200, "none of the victim's own places is taken");
  const open = (await make(attacker, 2, "open"))[1]!;
  equal(await self.done([{ case: "joinChannel", value: { channelId: open } }]), 1);
  equal(await self.done(leaving(gifts.map(({ channel }) => channel.id))), addedChannelsPerUser);

  // Whatever becomes of them, they have been made.
  for (let round = 0; made < channelsMadePerUser && round < 20; round++) {
    const ids = await make(attacker, FRAME, `left-${round}`);
    made += ids.length;
    await attacker.ask(leaving(ids));
    if (ids.length < FRAME) break;
  }
  equal(made + 2, channelsMadePerUser);
  equal((await make(attacker, 1, "more")).length, 0);
}

async function openDirects({ target, mallory }: Siege): Promise<void> {
  const victim = await target.person();
  const others: number[] = [];
  for (let at = 0; at < 11; at++) others.push((await target.person()).userId);
  const groups: number[][] = [];
  for (let mask = 1; groups.length < directsOpenedPerUser + 50; mask++) {
    const group = others.filter((_, at) => mask >> at & 1);
    if (group.length <= 7) groups.push([victim.userId, ...group]);
  }
  await using attacker = await Asker.open(target, mallory);
  const opened = await attacker.ask(
    groups.map((userIds): Body => ({ case: "openDirect", value: { userIds } })),
  );
  const ids = opened.flatMap((result) => result.case === "channel" ? [result.value.id] : []);
  equal(ids.length, directsOpenedPerUser);

  await using client = new RookeryClient(target.url, { token: victim.token });
  await client.live();
  const listed = () =>
    [...client.replica.channels.values()]
      .filter(({ listed, channel }) => listed && channel.kind === ChannelKind.DIRECT)
      .map(({ channel }) => channel.id);
  deepEqual(listed(), []);
  const own = await client.openDirect([others[0]!]);
  deepEqual(listed(), [own.id]);
  equal((await client.createChannel("still-room")).name, "still-room");
  const heard = client.events();
  equal(await attacker.done([{ case: "sendMessage", value: { channelId: ids[7]!, text: "psst" } }]), 1);
  for await (const { stream, body } of heard) if (stream === ids[7] && body.case === "messageSent") break;
  deepEqual(new Set(listed()), new Set([own.id, ids[7]!]));
  ok(client.replica.channels.get(ids[7]!)?.unread === 1);
}

siege("who acts pays, and the one at whom it is aimed goes on", {
  "L11 channels made, given away and left by the thousand": fillPlaces,
  "L11 direct conversations by the thousand": openDirects,
}, { limits: NO_RATES });
