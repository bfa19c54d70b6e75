/** The opening handshake, resuming, and a connection's end, through the core's door. @module */
import assert from "node:assert/strict";
import { CloseCode } from "../../src/chat/connections/close_code.ts";
import { ServerRole } from "../../src/chat/model.ts";
import { settle } from "./clock.ts";
import { outcomeOf, Rig } from "./rig.ts";

async function room() {
  const rig = new Rig({ limits: { replayEvents: 5 } });
  const ann = await rig.user("ann", ServerRole.OWNER);
  const bob = await rig.user("bob");
  const channelId = await rig.channel(ann, "room");
  await rig.done(bob, "joinChannel", { channelId });
  return { rig, ann, bob, channelId };
}

Deno.test("R1 Open is answered by Welcome, the missed events and CaughtUp, in this order", async () => {
  const { rig, ann, bob, channelId } = await room();
  const seq = await rig.say(ann, channelId, "one");
  await rig.say(ann, channelId, "two");
  const cursors = [{ stream: channelId, seq }];
  const device = await rig.device(bob, { epoch: rig.store.epoch, cursors });
  assert.deepEqual(device.kinds(), ["reply", "messageSent", "caughtUp"]);
  assert.deepEqual(device.texts(channelId), ["two"]);
  assert.equal(device.outlet.frames.length, 1, "all in one frame");
  const welcome = device.items("reply")[0]!.result;
  assert(welcome.case === "welcome");
  assert.equal(welcome.value.user.name, "bob");
  assert.equal(welcome.value.epoch, rig.store.epoch);
  const view = welcome.value.channels.find(({ channel }) => channel.id === channelId)!;
  assert.deepEqual([view.headSeq, view.unread, view.mentions], [seq + 1, 2, 0]);
});

Deno.test("R10 nothing but replies comes before Open, and Open comes once", async () => {
  const { rig, ann, bob, channelId } = await room();
  const device = rig.connect(bob);
  assert.equal(outcomeOf(await device.ask("sendMessage", { channelId, text: "hello" })), "stored");
  await rig.say(ann, channelId, "unheard");
  assert.deepEqual(device.kinds(), ["reply"]);
  assert.equal(outcomeOf(await device.ask("open", {})), "welcome");
  assert.equal(outcomeOf(await device.ask("open", {})), "failed_precondition");
});

Deno.test("R4 R5 cursors of another epoch, or of the future, are reloads", async () => {
  const { rig, bob, channelId } = await room();
  for (const [epoch, seq] of [["other", 1], [rig.store.epoch, 1000]] as const) {
    const device = await rig.device(bob, { epoch, cursors: [{ stream: channelId, seq }] });
    assert.deepEqual(device.kinds(), ["reply", "reload", "caughtUp"]);
    assert.deepEqual(device.items("reload"), [{ stream: channelId, headSeq: rig.store.head(channelId) }]);
  }
});

Deno.test("R2 a cursor opens no stream: only memberships do", async () => {
  const { rig, ann } = await room();
  const hidden = await rig.channel(ann, "hidden", true);
  const stranger = await rig.user("stranger");
  const cursors = [hidden, ann.userId].map((stream) => ({ stream, seq: 0 }));
  const device = await rig.device(stranger, { epoch: rig.store.epoch, cursors });
  await rig.say(ann, hidden, "secret");
  await settle();
  assert.deepEqual(device.kinds(), ["reply", "caughtUp"]);
});

Deno.test("R4 more than replayEvents is a reload; live events follow it without a gap", async () => {
  const { rig, ann, bob, channelId } = await room();
  for (let n = 0; n < 6; n++) await rig.say(ann, channelId, `${n}`);
  const device = await rig.device(bob, { epoch: rig.store.epoch, cursors: [{ stream: channelId, seq: 1 }] });
  await rig.say(ann, channelId, "live");
  const [reload] = device.items("reload");
  assert.equal(device.events(channelId)[0]!.seq, reload!.headSeq + 1);
});

Deno.test("R9 a reload while connected tells the channel anew, which nothing else would", async () => {
  const { rig, ann, bob, channelId } = await room();
  const device = await rig.device(bob);
  device.outlet.room = 1;
  await rig.say(ann, channelId, "fills the socket");
  await rig.done(ann, "updateChannel", { channelId, topic: "new" });
  for (let n = 0; n < 6; n++) await rig.say(ann, channelId, `${n}`);
  device.outlet.room = Infinity;
  rig.clock.advance(100);
  assert.deepEqual(device.kinds().slice(-2), ["reload", "subscribed"]);
  assert.equal(device.items("subscribed")[0]!.channel.topic, "new");
});

Deno.test("W2 the sender's reply stands before the event, in one frame", async () => {
  const { rig, ann, channelId } = await room();
  const device = await rig.device(ann);
  await device.ask("sendMessage", { channelId, text: "hello" });
  const last = device.outlet.frames.at(-1)!;
  assert.deepEqual(last.items.map((item) => item.case), ["reply", "event"]);
});

Deno.test("W2 id 0 asks for no reply", async () => {
  const { rig, ann, channelId } = await room();
  const device = rig.connect(ann);
  const value = { channelId, text: "hello", replyTo: 0 };
  rig.chat.receive(device.connection, [{ id: 0, key: "", body: { case: "sendMessage", value } }], "");
  await settle();
  assert.deepEqual(device.kinds(), []);
  assert.equal(rig.logOf(channelId).at(-1)?.body.case, "messageSent");
});

Deno.test("W2 a command without a body, or one for POST, is refused by its reply", async () => {
  const { rig, ann } = await room();
  const device = rig.connect(ann);
  const body = { case: undefined } as never;
  rig.chat.receive(device.connection, [{ id: 1, key: "", body }], "");
  assert.equal(outcomeOf(await rig.ask(ann, "ping", {})), "failed_precondition");
  device.send("getServerInfo", {});
  await settle();
  assert.deepEqual(device.items("reply").map(({ result }) => outcomeOf(result)), [
    "invalid_argument",
    "serverInfo",
  ]);
  const login = rig.connect(ann);
  const answer = await login.ask("login", { name: "ann", password: "password" });
  assert.equal(outcomeOf(answer), "failed_precondition");
});

Deno.test("L3 one connection too many is refused before it exists", async () => {
  const rig = new Rig({ limits: { connectionsPerUser: 2 } });
  const ann = await rig.user("ann");
  const devices = [rig.connect(ann), rig.connect(ann)];
  assert.throws(() => rig.chat.admit(ann), { code: 6 });
  rig.chat.disconnect(devices[0]!.connection);
  rig.chat.disconnect(devices[0]!.connection);
  // A place is taken from the admission on, and given back once.
  const giveBack = rig.chat.admit(ann);
  assert.throws(() => rig.chat.admit(ann), { code: 6 });
  giveBack();
  giveBack();
  rig.chat.admit(ann);
  assert.throws(() => rig.chat.admit(ann), { code: 6 });
});

Deno.test("R7 pages are not added to a socket that is full", async () => {
  const { rig, ann, bob, channelId } = await room();
  await rig.say(ann, channelId, "hello");
  const device = await rig.device(bob);
  device.outlet.room = 1;
  await rig.say(ann, channelId, "fills the socket");
  assert.equal(outcomeOf(await device.ask("getHistory", { channelId })), "resource_exhausted");
  assert.equal(outcomeOf(await device.ask("ping", {})), "done");
  device.outlet.room = Infinity;
  assert.equal(outcomeOf(await device.ask("getHistory", { channelId })), "messagePage");
});

Deno.test("P4 a revoked session's device hears of its end, and nothing after it", async () => {
  const { rig, ann, channelId } = await room();
  const second = await rig.login("ann");
  const [first, other] = [await rig.device(ann), await rig.device(second)];
  first.send("revokeSessions", { allOthers: true });
  first.send("sendMessage", { channelId, text: "alone now" });
  await settle();
  assert.equal(other.outlet.closed?.code, CloseCode.SESSION_ENDED);
  assert.equal(other.kinds().at(-1), "sessionEnded");
  assert.equal(rig.chat.authenticate("token-3"), undefined);
  assert.equal(outcomeOf(await rig.ask(second, "listUsers", {})), "unauthenticated");
  assert.equal(first.outlet.closed, undefined);
  assert.deepEqual(first.texts(channelId), ["alone now"]);
});

Deno.test("O1 stopping says goodbye, spread over the time given", async () => {
  const { rig, ann, bob } = await room();
  const devices = [await rig.device(ann), await rig.device(bob)];
  await rig.chat.close();
  rig.chat.closeAll("The server stops", { fromMs: 0, toMs: 1000 });
  assert.deepEqual(devices.map((device) => device.outlet.closed?.code), [
    CloseCode.RESTART,
    CloseCode.RESTART,
  ]);
  assert.deepEqual(devices.map((device) => device.items("goodbye")[0]!.retryAfterMs), [0, 500]);
  await rig.chat.close();
  assert.equal(rig.clock.armed, 0);
  assert.equal(rig.chat.stats()["connections"], 0);
});
