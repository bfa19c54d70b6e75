/** What passes and is never stored: presence, typing, and who gets to see it. @module */
import assert from "node:assert/strict";
import { PresenceState, ServerRole } from "../../src/chat/model.ts";
import { settle } from "./clock.ts";
import { type Device, outcomeOf, Rig } from "./rig.ts";

async function watched() {
  const rig = new Rig();
  const ann = await rig.user("ann", ServerRole.OWNER);
  const bob = await rig.user("bob");
  const channelId = await rig.channel(ann, "room", true);
  await rig.done(ann, "addMember", { channelId, userId: bob.userId });
  const watcher = await rig.device(ann);
  await watcher.ask("watch", { ids: [bob.userId, channelId] });
  rig.clock.advance(300);
  return { rig, ann, bob, channelId, watcher };
}

const states = (device: Device) => device.items("presence").map(({ state }) => state);

Deno.test("E2 watchers are told who comes, goes away and leaves", async () => {
  const { rig, bob, watcher } = await watched();
  const device = await rig.device(bob);
  rig.clock.advance(300);
  await device.ask("setPresence", { away: true });
  rig.clock.advance(300);
  rig.chat.disconnect(device.connection);
  rig.clock.advance(300);
  assert.deepEqual(states(watcher), [PresenceState.ONLINE, PresenceState.AWAY, PresenceState.OFFLINE]);
});

Deno.test("E2 a user is as present as the most present of their devices", async () => {
  const { rig, bob, watcher } = await watched();
  await rig.device(bob, { away: true });
  const second = await rig.device(bob);
  rig.clock.advance(300);
  rig.chat.disconnect(second.connection);
  rig.clock.advance(300);
  assert.deepEqual(states(watcher), [PresenceState.ONLINE, PresenceState.AWAY]);
});

Deno.test("E3 a flapping device costs nothing: what is as before is not told", async () => {
  const { rig, bob, watcher } = await watched();
  for (let n = 0; n < 10; n++) rig.chat.disconnect((await rig.device(bob)).connection);
  rig.clock.advance(300);
  assert.deepEqual(states(watcher), []);
  for (let n = 0; n < 10; n++) await rig.device(bob);
  rig.clock.advance(300);
  assert.deepEqual(states(watcher), [PresenceState.ONLINE]);
});

Deno.test("E1 only those who watch are told, and the answer to Watch is the present state", async () => {
  const { rig, ann, bob, watcher } = await watched();
  const other = await rig.device(ann);
  await rig.device(bob);
  rig.clock.advance(300);
  assert.deepEqual(states(other), []);
  const page = await other.ask("watch", { ids: [bob.userId, ann.userId, 999] });
  assert(page?.case === "presencePage");
  assert.deepEqual(page.value.presences.map(({ userId }) => userId), [bob.userId, ann.userId]);
  await watcher.ask("watch", { ids: [] });
  const before = states(watcher).length;
  await other.ask("setPresence", { away: true });
  rig.clock.advance(300);
  assert.equal(states(watcher).length, before, "watching replaces what was watched");
});

Deno.test("E3 typing goes to the watchers of the channel, once in a while, and not to oneself", async () => {
  const { rig, bob, channelId, watcher } = await watched();
  const [typist, own] = [await rig.device(bob), await rig.device(bob)];
  await own.ask("watch", { ids: [channelId] });
  for (let n = 0; n < 5; n++) await typist.ask("setTyping", { channelId });
  assert.deepEqual(watcher.items("typing"), [{ channelId, userId: bob.userId }]);
  assert.deepEqual(own.items("typing"), []);
  rig.clock.advance(3000);
  await typist.ask("setTyping", { channelId });
  assert.equal(watcher.items("typing").length, 2);
  assert.equal(rig.logOf(channelId).some(({ actorId }) => actorId === bob.userId), false);
});

Deno.test("L2 typing and going away cost what telling so many costs, and nothing when it tells nobody", async () => {
  const { rig, ann, bob, channelId } = await watched();
  for (let n = 0; n < 300; n++) {
    await (await rig.device(ann)).ask("watch", { ids: [bob.userId, channelId] });
  }
  const device = await rig.device(bob);
  const cost = async (ask: () => Promise<unknown>) => {
    const before = device.outlet.charged;
    await ask();
    return Math.round(device.outlet.charged - before);
  };
  assert.equal(await cost(() => device.ask("setTyping", { channelId })), 5);
  assert.equal(await cost(() => device.ask("setTyping", { channelId })), 0);
  assert.equal(await cost(() => device.ask("setPresence", { away: true })), 5);
  assert.equal(await cost(() => device.ask("setPresence", { away: true })), 0);
});

Deno.test("E4 who is no member can neither type nor watch typing, and does not learn of the channel", async () => {
  const { rig, bob, channelId } = await watched();
  const stranger = await rig.device(await rig.user("stranger"));
  assert.equal(outcomeOf(await stranger.ask("setTyping", { channelId })), "not_found");
  assert.equal(outcomeOf(await stranger.ask("watch", { ids: [channelId] })), "presencePage");
  const typist = await rig.device(bob);
  await typist.ask("setTyping", { channelId });
  assert.deepEqual(stranger.items("typing"), []);
});

Deno.test("E4 the end of a membership ends watching the channel", async () => {
  const { rig, ann, bob, channelId } = await watched();
  const leaver = await rig.device(bob);
  await leaver.ask("watch", { ids: [channelId] });
  await rig.done(ann, "removeMember", { channelId, userId: bob.userId });
  const typist = await rig.device(ann);
  await typist.ask("setTyping", { channelId });
  await settle();
  assert.deepEqual(leaver.items("typing"), []);
});

Deno.test("R7 nothing passing is added to a socket that is behind", async () => {
  const { rig, ann, bob, channelId, watcher } = await watched();
  watcher.outlet.room = 1;
  await rig.say(ann, channelId, "fills the socket");
  const typist = await rig.device(bob);
  await typist.ask("setTyping", { channelId });
  rig.clock.advance(300);
  assert.deepEqual([watcher.items("typing").length, states(watcher).length], [0, 0]);
});

Deno.test("P9 nobody types in an archived channel; L1 too many ids are refused", async () => {
  const { rig, ann, channelId, watcher } = await watched();
  await rig.done(ann, "setChannelArchived", { channelId, archived: true });
  assert.equal(outcomeOf(await watcher.ask("setTyping", { channelId })), "failed_precondition");
  const ids = Array.from({ length: 201 }, (_, id) => id);
  assert.equal(outcomeOf(await watcher.ask("watch", { ids })), "invalid_argument");
});
