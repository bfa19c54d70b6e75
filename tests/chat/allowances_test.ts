/** Who acts pays: what one user may bring about in a time, and what the disk's room means for everybody. @module */
import assert from "node:assert/strict";
import { Allowances, type KeptAllowances } from "../../src/chat/allowances.ts";
import type { CommandBodies, CommandCase } from "../../src/chat/command.ts";
import { ChatError, Code } from "../../src/chat/error.ts";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { ChannelRole, OPERATOR, ServerRole } from "../../src/chat/model.ts";
import type { AllowanceStore } from "../../src/chat/ports.ts";
import { settle } from "./clock.ts";
import { outcomeOf, Rig, type RigOptions } from "./rig.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

/** A member, an admin, and others; with names that no test uses twice. */
async function start(options: RigOptions) {
  const rig = new Rig(options);
  await rig.user("owner", ServerRole.OWNER);
  const admin = await rig.user("admin", ServerRole.ADMIN);
  const member = await rig.user("member");
  const others = [];
  for (const name of ["anna", "bert", "cleo"]) others.push((await rig.user(name)).userId);
  return { rig, admin, member, others };
}

/** How long the caller has to wait; 0 when it was done. */
async function waitOf<C extends CommandCase>(
  rig: Rig,
  who: Parameters<Rig["ask"]>[0],
  [name, body]: [C, Partial<CommandBodies[C]>],
): Promise<number> {
  const result = await rig.ask(who, name, body);
  if (result.case !== "error") return 0;
  assert.equal(result.value.code, Code.RESOURCE_EXHAUSTED, result.value.message);
  return result.value.retryAfterMs;
}

Deno.test("L9 channels: one user makes so many, an hour gives some back, and leaving gives nothing", async () => {
  const { rig, admin, member } = await start({ limits: { newChannels: 2, newChannelsPerHour: 2 } });
  const make = (who: typeof member, name: string) => waitOf(rig, who, ["createChannel", { name }]);
  for (const name of ["one", "two"]) {
    const id = await rig.channel(member, name);
    await rig.done(member, "leaveChannel", { channelId: id });
  }
  const waitMs = await make(member, "three");
  assert.equal(waitMs, HOUR / 2);
  for (const name of ["a1", "a2", "a3", "a4"]) {
    assert.equal(await make(admin, name), 0, "admins are not held up");
  }
  rig.clock.advance(waitMs - 1);
  assert.equal(await make(member, "three"), 1);
  rig.clock.advance(1);
  assert.equal(await make(member, "three"), 0);
});

Deno.test("L9 direct conversations and people added: the one who opens and adds pays", async () => {
  const limits = { newDirects: 2, newDirectsPerHour: 1, newMembers: 2, newMembersPerHour: 1 };
  const { rig, member, others } = await start({ limits });
  const [anna, bert, cleo] = others as [number, number, number];
  const open = (...userIds: number[]) => waitOf(rig, member, ["openDirect", { userIds }]);
  assert.deepEqual([await open(anna), await open(bert), await open(cleo)], [0, 0, HOUR]);
  assert.equal(await open(anna), 0, "one that is there is found as before");
  const channelId = await rig.channel(member, "place");
  const add = (userId: number) => waitOf(rig, member, ["addMember", { channelId, userId }]);
  assert.deepEqual([await add(anna), await add(bert), await add(cleo)], [0, 0, HOUR]);
});

Deno.test("L11 being added takes none of one's own places, and has a bound that leaving makes room below", async () => {
  const { rig, member, others } = await start({
    limits: { channelsPerUser: 5, addedChannelsPerUser: 3, channelsMadePerUser: 12 },
  });
  const victim = others[0]!;
  const self = await rig.login("anna");
  const own = rig.store.channelCount(victim, { added: false });
  for (let at = own; at < 5; at++) await rig.channel(self, `own${at}`);
  const gifts: number[] = [];
  const give = async (name: string) => {
    const channelId = await rig.channel(member, name);
    const result = await rig.ask(member, "addMember", { channelId, userId: victim });
    if (result.case === "error") {
      assert.match(result.value.message, /as many channels as others may add them to/);
      await rig.done(member, "setChannelArchived", { channelId, archived: true });
      await rig.done(member, "leaveChannel", { channelId });
      return false;
    }
    gifts.push(channelId);
    const userId = victim;
    await rig.done(member, "setMemberRole", { channelId, userId, role: ChannelRole.OWNER });
    await rig.done(member, "leaveChannel", { channelId });
    return true;
  };
  assert.deepEqual([await give("g1"), await give("g2"), await give("g3"), await give("g4")], [
    true,
    true,
    true,
    false,
  ]);
  assert.equal(outcomeOf(await rig.ask(self, "createChannel", { name: "more" })), "failed_precondition");
  await rig.done(self, "leaveChannel", { channelId: gifts[0]! });
  assert.equal(await give("g5"), true);
  const made = rig.store.channelsMade(member.userId);
  for (let at = made; at < 12; at++) {
    await rig.done(member, "leaveChannel", { channelId: await rig.channel(member, `made${at}`) });
  }
  const over = await rig.ask(member, "createChannel", { name: "over" });
  assert.ok(over.case === "error" && /at most 12 channels/.test(over.value.message), JSON.stringify(over));
});

Deno.test("L9 bytes: a user stores so much in a day, by whatever command, and may always delete", async () => {
  const { rig, admin, member } = await start({ limits: { storedMibPerDay: 1 } });
  const channelId = await rig.channel(member, "place");
  const text = "é".repeat(8000);
  const say = (who = member) => waitOf(rig, who, ["sendMessage", { channelId, text }]);
  let stored = 0;
  while (await say() === 0) stored++;
  assert.ok(stored >= 60 && stored <= 65, `${stored} messages of 16,000 bytes`);
  const waitMs = await say();
  assert.ok(waitMs > 0 && waitMs < DAY / 60, `${waitMs} ms`);
  const edit = await waitOf(rig, member, ["editMessage", { channelId, messageSeq: 3, text }]);
  assert.ok(edit > 0, "an edit stores as much");
  await rig.done(member, "deleteMessage", { channelId, messageSeq: 3 });
  const short = await rig.ask(member, "sendMessage", { channelId, text: "short" });
  assert.notEqual(short.case, "error", "what still fits is taken");
  const other = await rig.channel(admin, "elsewhere");
  await rig.done(admin, "sendMessage", { channelId: other, text });
  rig.clock.advance(DAY);
  assert.equal(await say(), 0);
  assert.ok(rig.chat.stats().allowanceRefusals > 0);
  assert.ok(rig.chat.stats().allowedBytes > MIB);
});

Deno.test("L9 bytes: what was not stored, or was there already, is given back", async () => {
  const { rig, member } = await start({ limits: { storedMibPerDay: 1 } });
  const channelId = await rig.channel(member, "place");
  const text = "x".repeat(16_000);
  await rig.done(member, "sendMessage", { channelId, text }, "key-of-the-message-0001");
  const before = rig.chat.stats().allowedBytes;
  for (let retry = 0; retry < 200; retry++) {
    await rig.done(member, "sendMessage", { channelId, text }, "key-of-the-message-0001");
  }
  assert.equal(rig.chat.stats().allowedBytes, before);
  rig.store.beforeCommit = () => {
    throw new Error("no disk");
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    const result = await rig.ask(member, "sendMessage", { channelId, text });
    assert.equal(result.case === "error" && result.value.code, Code.UNAVAILABLE);
  }
  rig.store.beforeCommit = undefined;
  await rig.done(member, "sendMessage", { channelId, text });
});

Deno.test("L10 a disk without room: nothing new is stored; deleting, logging in and the operator go on", async () => {
  let low: string | undefined;
  const { rig, member } = await start({
    dependencies: {
      disk: {
        get low() {
          return low;
        },
        take: () => true,
      },
    },
  });
  const channelId = await rig.channel(member, "place");
  const stored = await rig.done(member, "sendMessage", { channelId, text: "before" });
  assert.ok(stored.case === "stored");
  low = "No space left on device";
  const refused = await rig.ask(member, "sendMessage", { channelId, text: "more" });
  assert.ok(refused.case === "error");
  assert.equal(refused.value.code, Code.UNAVAILABLE);
  assert.match(refused.value.message, /disk is nearly full/);
  assert.ok(refused.value.retryAfterMs > 0);
  await rig.login("member");
  await rig.done(member, "deleteMessage", { channelId, messageSeq: stored.value.seq });
  await rig.done(OPERATOR, "addUser", { name: "helper" });
  low = undefined;
  await rig.done(member, "sendMessage", { channelId, text: "more" });
});

Deno.test("allowances: a clock that is set back gives and takes nothing, and a large expense takes no more than all", () => {
  const allowances = new Allowances({ ...DEFAULT_LIMITS, newChannels: 2, newChannelsPerHour: 3600 });
  const spend = (amount: number, nowMs: number) => allowances.spend(7, "channels", { amount, nowMs });
  spend(1, 1_000_000);
  // The one that is left stays, and no more.
  spend(1, 0);
  assert.throws(() => spend(1, 0), ({ retryAfterMs }: ChatError) => retryAfterMs === 1000);
  spend(5, 2_000_000);
  assert.throws(() => spend(1, 2_000_999), ChatError);
  spend(1, 2_001_000);
});

Deno.test("L9 a clock that is set back takes nothing away from anybody", () => {
  const allowances = new Allowances({ ...DEFAULT_LIMITS, storedMibPerDay: 1 });
  const spend = (nowMs: number) => allowances.spend(7, "bytes", { amount: 1024, nowMs });
  const monthMs = 30 * 24 * 3_600_000;
  spend(monthMs);
  // Of what a day allows most is left, a month later and a month before.
  for (let at = 0; at < 1000; at++) spend(at);
  assert.throws(() => {
    for (let at = 0; at < 100; at++) spend(1000);
  }, /as much as one user may/);
});

/** Keeps in memory what a folder would. */
class KeptInMemory implements AllowanceStore {
  kept: KeptAllowances | undefined;
  writes = 0;

  read(): KeptAllowances | undefined {
    return this.kept;
  }

  write(kept: KeptAllowances): Promise<void> {
    this.kept = structuredClone(kept);
    this.writes++;
    return Promise.resolve();
  }
}

Deno.test("L9 a new start gives back nothing of what was spent, and what came back meanwhile is there", async () => {
  const kept = new KeptInMemory();
  const limits = { storedMibPerDay: 1, newChannels: 2, newChannelsPerHour: 2 };
  const dependencies = { allowanceStore: kept };
  const { rig, member } = await start({ limits, dependencies });
  const channelId = await rig.channel(member, "one");
  await rig.channel(member, "two");
  const text = "x".repeat(16_000);
  const say = (server: Rig, who = member) => waitOf(server, who, ["sendMessage", { channelId, text }]);
  while (await say(rig) === 0);
  const waitMs = await say(rig);
  await rig.chat.close();
  const next = new Rig({ store: rig.store, limits, dependencies: { ...dependencies, secrets: rig.secrets } });
  next.clock.advance(rig.clock.now() - next.clock.now());
  const again = await next.login("member");
  assert.ok(Math.abs(await say(next, again) - waitMs) <= 1);
  assert.equal(await waitOf(next, again, ["createChannel", { name: "three" }]), HOUR / 2);
  next.clock.advance(DAY / 2);
  let stored = 0;
  while (await say(next, again) === 0) stored++;
  assert.ok(stored > 28 && stored < 36, `${stored} messages after half a day`);
  assert.equal(await waitOf(next, again, ["createChannel", { name: "three" }]), 0);
});

Deno.test("L9 what is spent is kept within ten seconds, and nothing for those who spend little", async () => {
  const kept = new KeptInMemory();
  const { rig, member } = await start({
    limits: { storedMibPerDay: 1 },
    dependencies: { allowanceStore: kept },
  });
  const channelId = await rig.channel(member, "place");
  await rig.done(member, "sendMessage", { channelId, text: "short" });
  rig.clock.advance(60_000);
  assert.equal(kept.writes, 0, "a channel of a hundred and a short text are not worth it");
  for (let at = 0; at < 3; at++) {
    await rig.done(member, "sendMessage", { channelId, text: "x".repeat(16_000) });
  }
  assert.equal(kept.writes, 0);
  rig.clock.advance(10_000);
  await settle();
  assert.deepEqual(kept.kept?.spent.map(({ expense, userId }) => [expense, userId]), [[
    "bytes",
    member.userId,
  ]]);
  // While another process may have the folder, nothing is written; it goes on when that one has failed.
  await rig.chat.pause();
  assert.equal(kept.writes, 2);
  rig.clock.advance(60_000);
  await settle();
  assert.equal(kept.writes, 2);
  rig.chat.resume();
  rig.clock.advance(10_000);
  await settle();
  assert.equal(kept.writes, 3);
  rig.clock.advance(DAY);
  await rig.chat.close();
  assert.deepEqual(kept.kept?.spent, [], "who has all of it is forgotten");
});

Deno.test("L9 a clock that was set back between two starts takes nothing away from anybody", () => {
  const limits = { ...DEFAULT_LIMITS, storedMibPerDay: 1 };
  const spend = (allowances: Allowances, nowMs: number, amount = MIB / 4) =>
    allowances.spend(7, "bytes", { amount, nowMs });
  const first = new Allowances(limits);
  const year = 365 * DAY;
  spend(first, year);
  const second = new Allowances(limits);
  second.restore(first.kept(year), 0);
  for (let at = 0; at < 3; at++) spend(second, 0, MIB / 4 - 16);
  assert.throws(() => spend(second, 0), ChatError);
});

Deno.test("L10 with little room all that makes the store no larger is done, and so much of it for each user", async () => {
  let low: string | undefined;
  let spare = Infinity;
  const take = (bytes: number) => {
    assert.ok(bytes >= 16 * 1024);
    if (bytes > spare) return false;
    spare -= bytes;
    return true;
  };
  const disk = {
    get low() {
      return low;
    },
    take,
  };
  const { rig, admin, member, others } = await start({ dependencies: { disk } });
  const channelId = await rig.channel(member, "place");
  await rig.done(member, "addMember", { channelId, userId: others[0]! });
  await rig.done(member, "addMember", { channelId, userId: others[1]! });
  const sent = await rig.done(member, "sendMessage", { channelId, text: "Grüße an alle" });
  assert.ok(sent.case === "stored");
  const messageSeq = sent.value.seq;
  const edit = (text: string) => rig.ask(member, "editMessage", { channelId, messageSeq, text });
  const refused = async (asked: Promise<{ case: string; value: unknown }>) => {
    const { case: kind, value } = await asked;
    assert.equal(kind, "error");
    assert.match((value as ChatError).message, /disk is nearly full/);
    return value as ChatError;
  };
  low = "No space left on device";
  await refused(edit("Grüße an alle!"));
  assert.notEqual((await edit("Grüsse an alle")).case, "error", "as many bytes, if not as many letters");
  assert.notEqual((await edit("Hallo")).case, "error");
  await refused(edit("Hallo!"));
  await refused(edit("@anna"));
  await refused(rig.ask(member, "addReaction", { channelId, messageSeq, emoji: "👍" }));
  await refused(rig.ask(member, "updateChannel", { channelId, name: "place", topic: "none" }));
  await rig.done(member, "setMemberRole", { channelId, userId: others[0]!, role: ChannelRole.OWNER });
  await rig.done(member, "removeMember", { channelId, userId: others[1]! });
  await rig.done(member, "leaveChannel", { channelId });
  await rig.done(admin, "setUserDisabled", { userId: others[2]!, disabled: true });
  await refused(rig.ask(admin, "setUserDisabled", { userId: others[2]!, disabled: false }));
  await rig.done(member, "revokeSessions", { allOthers: true });
  // Each login is an event of that user, whoever asks.
  const logins = async (name: string) => {
    for (let count = 0;; count++) {
      const { case: kind, value } = await rig.ask(undefined, "login", { name, password: "password" });
      if (kind !== "error") continue;
      assert.equal(value.code, Code.RESOURCE_EXHAUSTED);
      assert.ok(value.retryAfterMs > 0);
      return count;
    }
  };
  const count = await logins("bert");
  assert.ok(count > 100 && count <= 256, `${count} logins`);
  await rig.login("anna");
  spare = 0;
  await refused(rig.ask(undefined, "login", { name: "anna", password: "password" }));
  await refused(rig.ask(OPERATOR, "addUser", { name: "helper" }));
  low = undefined;
  await rig.done(OPERATOR, "addUser", { name: "helper" });
});
