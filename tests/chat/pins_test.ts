/** Messages that are pinned to their channel. */
import assert from "node:assert/strict";
import type { CommandBodies, CommandCase } from "../../src/chat/command.ts";
import { Code } from "../../src/chat/error.ts";
import { ChannelRole, type Principal } from "../../src/chat/model.ts";
import { Rig } from "./rig.ts";

type Refusal = [code: number, message: string];

/** "stored", "done", or why not. */
async function outcome<C extends CommandCase>(
  rig: Rig,
  who: Principal,
  [name, body]: [C, Partial<CommandBodies[C]>],
): Promise<string | Refusal> {
  const result = await rig.ask(who, name, body);
  return result.case === "error" ? [result.value.code, result.value.message] : result.case;
}

async function nest(limits: { pinsPerChannel?: number; pageBytes?: number } = {}) {
  const rig = new Rig({ limits });
  const ann = await rig.user("ann");
  const bob = await rig.user("bob");
  const channelId = await rig.channel(ann, "nest");
  await rig.ask(bob, "joinChannel", { channelId });
  const say = async (text: string) => {
    const stored = await rig.ask(bob, "sendMessage", { channelId, text });
    assert(stored.case === "stored");
    return stored.value.seq;
  };
  const pins = async (body: Partial<CommandBodies["listPins"]> = {}) => {
    const page = await rig.ask(bob, "listPins", { channelId, ...body });
    assert(page.case === "pinPage");
    return page.value;
  };
  return { rig, ann, bob, channelId, say, pins };
}

Deno.test("M9 moderators pin and unpin, and doing it twice changes nothing", async () => {
  const { rig, ann, bob, channelId, say, pins } = await nest();
  const messageSeq = await say("the plan");
  const pin = ["pinMessage", { channelId, messageSeq }] as ["pinMessage", CommandBodies["pinMessage"]];
  const unpin = ["unpinMessage", { channelId, messageSeq }] as [
    "unpinMessage",
    CommandBodies["unpinMessage"],
  ];
  for (const deed of [pin, unpin] as const) {
    const refused = await outcome(rig, bob, deed);
    assert.equal(refused[0], Code.PERMISSION_DENIED);
  }
  assert.deepEqual([await outcome(rig, ann, pin), await outcome(rig, ann, pin)], ["stored", "done"]);
  const { pins: [held], more } = await pins();
  assert.deepEqual([held!.message!.text, held!.userId, held!.message!.pinned, more], [
    "the plan",
    ann.userId,
    true,
    false,
  ]);
  await rig.ask(ann, "setMemberRole", { channelId, userId: bob.userId, role: ChannelRole.MODERATOR });
  assert.deepEqual([await outcome(rig, bob, unpin), await outcome(rig, bob, unpin)], ["stored", "done"]);
  assert.deepEqual((await pins()).pins, []);
});

Deno.test("M9 in a direct conversation both may pin", async () => {
  const { rig, ann, bob } = await nest();
  const opened = await rig.ask(ann, "openDirect", { userIds: [bob.userId] });
  assert(opened.case === "channel");
  const channelId = opened.value.id;
  const stored = await rig.ask(ann, "sendMessage", { channelId, text: "hello" });
  assert(stored.case === "stored");
  const messageSeq = stored.value.seq;
  assert.equal(await outcome(rig, bob, ["pinMessage", { channelId, messageSeq }]), "stored");
  assert.equal(await outcome(rig, ann, ["unpinMessage", { channelId, messageSeq }]), "stored");
});

Deno.test("M9 a deleted message loses its pin and gets none, also within one batch", async () => {
  const { rig, ann, channelId, say, pins } = await nest();
  const [first, second] = [await say("one"), await say("two")];
  await rig.ask(ann, "pinMessage", { channelId, messageSeq: first });
  const outcomes = await Promise.all([
    outcome(rig, ann, ["deleteMessage", { channelId, messageSeq: first }]),
    outcome(rig, ann, ["pinMessage", { channelId, messageSeq: first }]),
    outcome(rig, ann, ["pinMessage", { channelId, messageSeq: second }]),
  ]);
  assert.deepEqual(outcomes, ["stored", [Code.FAILED_PRECONDITION, "The message was deleted"], "stored"]);
  assert.deepEqual((await pins()).pins.map(({ message }) => message!.text), ["two"]);
});

Deno.test("M9 a channel has room for so many pins, counted within a batch as well", async () => {
  const { rig, ann, channelId, say, pins } = await nest({ pinsPerChannel: 2 });
  const seqs = [await say("one"), await say("two"), await say("three")];
  const pinned = await Promise.all(
    seqs.map((messageSeq) => outcome(rig, ann, ["pinMessage", { channelId, messageSeq }])),
  );
  assert.deepEqual(pinned.slice(0, 2), ["stored", "stored"]);
  assert.deepEqual(pinned[2], [
    Code.FAILED_PRECONDITION,
    "At most 2 messages can be pinned to a channel: unpin another one first",
  ]);
  await rig.ask(ann, "deleteMessage", { channelId, messageSeq: seqs[0]! });
  assert.equal(await outcome(rig, ann, ["pinMessage", { channelId, messageSeq: seqs[2]! }]), "stored");
  assert.deepEqual((await pins()).pins.map(({ message }) => message!.text), ["three", "two"]);
});

Deno.test("M9 pins come in pages, which long messages end early", async () => {
  const { rig, ann, channelId, say, pins } = await nest({ pageBytes: 300 });
  for (const letter of "abcd") {
    await rig.ask(ann, "pinMessage", { channelId, messageSeq: await say(letter.repeat(100)) });
  }
  const texts = async (before = 0, limit = 0) => {
    const page = await pins({ before, limit });
    return [
      page.pins.map(({ message }) => message!.text[0]).join(""),
      page.more,
      page.pins.at(-1)?.seq,
    ] as const;
  };
  const [first, more, last] = await texts();
  assert.deepEqual([first, more], ["dc", true]);
  assert.deepEqual((await texts(last)).slice(0, 2), ["ba", false]);
  assert.deepEqual((await texts(0, 1)).slice(0, 2), ["d", true]);
  const eve = await rig.user("eve");
  assert.equal(
    (await outcome(rig, eve, ["listPins", { channelId }]))[0],
    Code.NOT_FOUND,
  );
});

Deno.test("M9 what is archived keeps its pins, and nobody changes them", async () => {
  const { rig, ann, channelId, say, pins } = await nest();
  const messageSeq = await say("kept");
  await rig.ask(ann, "pinMessage", { channelId, messageSeq });
  await rig.ask(ann, "setChannelArchived", { channelId, archived: true });
  const refused = await outcome(rig, ann, ["unpinMessage", { channelId, messageSeq }]);
  assert.equal(refused[0], Code.FAILED_PRECONDITION);
  assert.equal((await pins()).pins.length, 1);
});
