/** Names of channels, direct conversations, and what server admins may do in public channels. @module */
import assert from "node:assert/strict";
import type { Limits } from "../../src/chat/limits.ts";
import { OPERATOR, type Principal, ServerRole } from "../../src/chat/model.ts";
import { outcomeOf, Rig } from "./rig.ts";

async function people(limits: Partial<Limits> = {}) {
  const rig = new Rig({ limits });
  const owner = await rig.user("owner", ServerRole.OWNER);
  return { rig, owner, ann: await rig.user("ann"), bob: await rig.user("bob") };
}

function create(rig: Rig, who: Principal, name: string, isPrivate = false) {
  return rig.ask(who, "createChannel", { name, private: isPrivate }).then(outcomeOf);
}

Deno.test("P2 the name of a private channel cannot be found out, nor blocked", async () => {
  const { rig, ann, bob } = await people();
  const secret = await rig.channel(ann, "merger", true);
  assert.equal(await create(rig, bob, "merger", true), "channel");
  assert.equal(await create(rig, bob, "merger"), "already_exists", "bob sees his own");
  const cara = await rig.user("cara");
  assert.equal(await create(rig, cara, "merger"), "channel");
  assert.equal(await create(rig, cara, "merger", true), "already_exists", "everybody sees public ones");
  const other = await rig.channel(bob, "other", true);
  await rig.done(ann, "leaveChannel", { channelId: secret });
  assert.equal(
    outcomeOf(await rig.ask(bob, "updateChannel", { channelId: other, name: "merger" })),
    "already_exists",
  );
  assert.equal(outcomeOf(await rig.ask(ann, "updateChannel", { channelId: other, name: "x1" })), "not_found");
});

Deno.test("P2 a rename asks the same: names that the caller sees are taken, others are free", async () => {
  const { rig, ann, bob } = await people();
  await rig.channel(ann, "merger", true);
  const pub = await rig.channel(bob, "pub");
  assert.equal(
    outcomeOf(await rig.ask(bob, "updateChannel", { channelId: pub, name: "merger" })),
    "stored",
  );
  const mine = await rig.channel(bob, "mine", true);
  assert.equal(
    outcomeOf(await rig.ask(bob, "updateChannel", { channelId: mine, name: "merger" })),
    "already_exists",
  );
});

Deno.test("S6 names within one batch: freed by a rename and by leaving, taken by a creation", async () => {
  const { rig, ann } = await people();
  const first = await rig.channel(ann, "first", true);
  const second = await rig.channel(ann, "second", true);
  const outcomes = await Promise.all([
    create(rig, ann, "first", true),
    rig.ask(ann, "updateChannel", { channelId: first, name: "moved" }).then(outcomeOf),
    create(rig, ann, "first", true),
    create(rig, ann, "first"),
    rig.ask(ann, "leaveChannel", { channelId: second }).then(outcomeOf),
    create(rig, ann, "second", true),
    create(rig, ann, "second", true),
    create(rig, ann, "moved"),
  ]);
  const [ok, taken] = ["channel", "already_exists"];
  assert.deepEqual(outcomes, [taken, "stored", ok, taken, "stored", ok, taken, taken]);
});

Deno.test("A10 only admins of the server make a public channel that every new account joins", async () => {
  const { rig, owner, ann } = await people();
  const { id } = rig.store.channelByName("general")!;
  const denied = "permission_denied";
  await rig.done(owner, "updateChannel", { channelId: id, name: "lobby" });
  assert.equal(await create(rig, ann, "general"), denied);
  const mine = await rig.channel(ann, "mine");
  assert.equal(
    outcomeOf(await rig.ask(ann, "updateChannel", { channelId: mine, name: "general" })),
    denied,
  );
  assert.equal(await create(rig, ann, "general", true), "channel", "a private one takes nobody in");
  await rig.user("second", ServerRole.OWNER);
  assert.equal(rig.store.channelByName("general"), undefined, "only the first owner's account makes it");
  const newcomer = await rig.user("newcomer");
  assert.deepEqual(rig.store.channelsOf(newcomer.userId), []);
  assert.equal(await create(rig, owner, "general"), "channel");
  const next = await rig.user("next");
  assert.equal(rig.store.channelsOf(next.userId).length, 1);
});

Deno.test("L11 nobody loses room for channels by conversations that others open; who opens has a bound", async () => {
  const rig = new Rig({ limits: { channelsPerUser: 2, directsOpenedPerUser: 3 } });
  const ann = await rig.user("ann");
  const victim = await rig.user("victim");
  const ids = [];
  for (const name of ["u1", "u2", "u3", "u4"]) ids.push((await rig.user(name)).userId);
  const open = (...others: number[]) =>
    rig.ask(ann, "openDirect", { userIds: [victim.userId, ...others] }).then(outcomeOf);
  assert.deepEqual(await Promise.all([open(ids[0]!), open(ids[1]!), open(ids[2]!), open(ids[3]!)]), [
    "channel",
    "channel",
    "channel",
    "failed_precondition",
  ]);
  assert.equal(await open(ids[0]!), "channel", "what is open already is found");
  assert.equal(await create(rig, victim, "one"), "channel");
  assert.equal(await create(rig, victim, "two", true), "channel");
  assert.equal(await create(rig, victim, "three"), "failed_precondition");
  assert.equal(outcomeOf(await rig.ask(victim, "openDirect", { userIds: [ann.userId] })), "channel");
});

Deno.test("R1 a device may have as many cursors as its user has streams", async () => {
  const rig = new Rig({ limits: { channelsPerUser: 2 } });
  const ann = await rig.user("ann");
  for (const name of ["u1", "u2", "u3", "u4"]) {
    const { userId } = await rig.user(name);
    await rig.done(ann, "openDirect", { userIds: [userId] });
  }
  const cursors = rig.store.channelsOf(ann.userId).map(({ channel }) => ({ stream: channel.id, seq: 1 }));
  cursors.push({ stream: 1, seq: 1 }, { stream: ann.userId, seq: 1 });
  const device = await rig.device(ann, { epoch: "memory", cursors });
  assert.equal(device.kinds()[0], "reply");
  assert.equal(device.items("reply")[0]!.result.case, "welcome");
});

Deno.test("P5 server admins act as owners in every public channel: deletion, members, @channel", async () => {
  const { rig, owner, ann } = await people();
  const channelId = await rig.channel(ann, "room");
  const messageSeq = await rig.say(ann, channelId, "spam");
  assert.equal(outcomeOf(await rig.ask(owner, "listMembers", { channelId })), "memberPage");
  assert.equal(outcomeOf(await rig.ask(owner, "deleteMessage", { channelId, messageSeq })), "stored");
  assert.equal(outcomeOf(await rig.ask(owner, "sendMessage", { channelId, text: "hi" })), "not_found");
  await rig.done(owner, "joinChannel", { channelId });
  const mentioning = async () => {
    await rig.say(owner, channelId, "@channel hello");
    const { body } = rig.logOf(channelId).at(-1)!;
    return body.case === "messageSent" && body.value.mentionChannel;
  };
  assert.equal(await mentioning(), true);
  assert.equal(
    outcomeOf(await rig.ask(owner, "leaveChannel", { channelId })),
    "stored",
    "not its only owner",
  );
  const next = await rig.user("next", ServerRole.ADMIN);
  await rig.done(owner, "setUserRole", { userId: next.userId, role: ServerRole.MEMBER });
  assert.equal(outcomeOf(await rig.ask(next, "listMembers", { channelId })), "not_found");
  await rig.done(OPERATOR, "setChannelArchived", { channelId, archived: true });
  const seq = rig.store.history(channelId, 1)[0]!.seq;
  assert.equal(
    outcomeOf(await rig.ask(owner, "deleteMessage", { channelId, messageSeq: seq })),
    "failed_precondition",
  );
});

Deno.test("P3 a page of members does not show what stands behind a removal that is not published", async () => {
  const { rig, ann, bob } = await people();
  const channelId = await rig.channel(ann, "room", true);
  await rig.done(ann, "addMember", { channelId, userId: bob.userId });
  let publish = () => {};
  rig.store.afterCommit = () => new Promise<void>((resolve) => publish = resolve);
  const removal = rig.ask(ann, "removeMember", { channelId, userId: bob.userId });
  await Promise.resolve().then(() => {}).then(() => {});
  assert.equal(rig.store.membership(channelId, bob.userId), undefined);
  assert.equal(outcomeOf(await rig.ask(bob, "listMembers", { channelId })), "not_found");
  publish();
  await removal;
});

Deno.test("M6 a page says truly whether there is more on either side", async () => {
  const { rig, ann } = await people();
  const channelId = await rig.channel(ann, "room");
  const sides = async (position: { case: "before" | "after" | "around"; value: number }, limit = 0) => {
    const result = await rig.done(ann, "getHistory", { channelId, position, limit });
    assert(result.case === "messagePage");
    return [result.value.moreBefore, result.value.moreAfter];
  };
  const positions = ["before", "after", "around"] as const;
  for (const at of positions) assert.deepEqual(await sides({ case: at, value: 1 }), [false, false], at);
  for (const at of positions) assert.deepEqual(await sides({ case: at, value: 2 }, 1), [false, false], at);
  const first = await rig.say(ann, channelId, "first");
  const last = await rig.say(ann, channelId, "last");
  assert.deepEqual(await sides({ case: "after", value: first - 1 }), [false, false]);
  assert.deepEqual(await sides({ case: "after", value: first }), [true, false]);
  assert.deepEqual(await sides({ case: "after", value: last }), [true, false]);
  assert.deepEqual(await sides({ case: "before", value: first }), [false, true]);
  assert.deepEqual(await sides({ case: "before", value: last }), [false, true]);
  assert.deepEqual(await sides({ case: "before", value: last + 1 }), [false, false]);
  assert.deepEqual(await sides({ case: "around", value: first }, 1), [false, true]);
  assert.deepEqual(await sides({ case: "around", value: last }, 1), [true, false]);
});

Deno.test("M6 L6 a page of large messages ends earlier, next to its position, and has one in any case", async () => {
  const { rig, ann } = await people({ pageBytes: 1000 });
  const channelId = await rig.channel(ann, "room");
  const seqs: number[] = [];
  for (const bytes of [300, 300, 300, 2000, 300, 300, 300, 300]) {
    seqs.push(await rig.say(ann, channelId, "x".repeat(bytes)));
  }
  const paged = async (position?: { case: "before" | "after" | "around"; value: number }) => {
    const result = await rig.done(ann, "getHistory", {
      channelId,
      limit: 0,
      position: position ?? { case: undefined },
    });
    assert(result.case === "messagePage");
    const { messages, moreBefore, moreAfter } = result.value;
    return [messages.map(({ seq }) => seqs.indexOf(seq)), moreBefore, moreAfter];
  };
  assert.deepEqual(await paged(), [[5, 6, 7], true, false]);
  assert.deepEqual(await paged({ case: "before", value: seqs[5]! }), [[4], true, true]);
  assert.deepEqual(await paged({ case: "before", value: seqs[4]! }), [[3], true, true], "larger than a page");
  assert.deepEqual(await paged({ case: "after", value: seqs[0]! }), [[1, 2], true, true]);
  assert.deepEqual(await paged({ case: "after", value: seqs[2]! }), [[3], true, true]);
  assert.deepEqual(await paged({ case: "around", value: seqs[3]! }), [[2, 3], true, true]);
  const { value: { messages } } = await rig.done(ann, "getHistory", {
    channelId,
    limit: 2,
    position: { case: "after", value: seqs[3]! },
  }) as { value: { messages: unknown[] } };
  assert.equal(messages.length, 2, "what was asked for still counts");
});

Deno.test("A13 names of channels are of every script, the same in capitals and however they are composed", async () => {
  const { rig, owner, ann, bob } = await people();
  const channelId = await rig.channel(ann, "Bu\u0308ro");
  const found = await rig.done(bob, "listChannels", { prefix: "BÜ" });
  assert(found.case === "channelPage");
  assert.deepEqual(found.value.channels.map(({ id, name }) => [id, name]), [[channelId, "büro"]]);
  for (const name of ["büro", "BÜRO", "bu\u0308ro"]) {
    assert.equal(await create(rig, bob, name), "already_exists", name);
  }
  assert.equal(await create(rig, bob, "bü\u200bro"), "invalid_argument");
  assert.equal(await create(rig, bob, "公告"), "channel");
  const renamed = await rig.ask(ann, "updateChannel", { channelId, name: "公告" });
  assert.equal(outcomeOf(renamed), "already_exists");
  await rig.done(ann, "updateChannel", { channelId, name: "НОВОСТИ" });
  const renamedTo = await rig.done(bob, "listChannels", { prefix: "нов" });
  assert(renamedTo.case === "channelPage");
  assert.deepEqual(renamedTo.value.channels.map(({ name }) => name), ["новости"]);
  assert.equal(await create(rig, owner, "ＧENERAL"), "already_exists");
});

Deno.test("M4 spellings of one emoji are one reaction, and one takes the other back", async () => {
  const { rig, ann, bob } = await people();
  const channelId = await rig.channel(ann, "den");
  await rig.done(bob, "joinChannel", { channelId });
  const messageSeq = await rig.say(ann, channelId, "hi");
  const react = (who: Principal, emoji: string) =>
    rig.ask(who, "addReaction", { channelId, messageSeq, emoji }).then(outcomeOf);
  assert.equal(await react(ann, "❤"), "stored");
  assert.equal(await react(ann, "❤\ufe0f"), "done");
  assert.equal(await react(bob, "❤\ufe0f"), "stored");
  assert.equal(await react(bob, "👍🏽"), "stored");
  assert.equal(await react(bob, "👍"), "stored");
  const shown = () =>
    rig.store.history(channelId, 1)[0]!.reactions.map(({ emoji, userIds }) => [emoji, userIds.length]);
  assert.deepEqual(shown(), [["❤\ufe0f", 2], ["👍🏽", 1], ["👍", 1]]);
  await rig.done(ann, "removeReaction", { channelId, messageSeq, emoji: "❤" });
  await rig.done(bob, "removeReaction", { channelId, messageSeq, emoji: "❤" });
  assert.deepEqual(shown(), [["👍🏽", 1], ["👍", 1]]);
});
