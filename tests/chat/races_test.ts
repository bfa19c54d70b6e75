/** What happens in one batch, or between a commit and its answer. @module */
import assert from "node:assert/strict";
import { CloseCode } from "../../src/chat/connections/close_code.ts";
import { type Principal, ServerRole } from "../../src/chat/model.ts";
import { StoreFailure } from "../../src/chat/ports.ts";
import { settle } from "./clock.ts";
import { type Device, outcomeOf, Rig } from "./rig.ts";

interface Scene {
  readonly rig: Rig;
  readonly keeper: Principal;
  readonly guest: Principal;
  readonly channelId: number;
  readonly keeperDevice: Device;
  readonly guestDevice: Device;
}

async function scene(): Promise<Scene> {
  const rig = new Rig();
  const keeper = await rig.user("keeper", ServerRole.OWNER);
  const guest = await rig.user("guest");
  const channelId = await rig.channel(keeper, "room", true);
  await rig.done(keeper, "addMember", { channelId, userId: guest.userId });
  const keeperDevice = await rig.device(keeper);
  const guestDevice = await rig.device(guest);
  return { rig, keeper, guest, channelId, keeperDevice, guestDevice };
}

Deno.test("S6 in one batch: after a removal the message of the removed is refused", async () => {
  const { guest, channelId, keeperDevice, guestDevice } = await scene();
  const removal = keeperDevice.send("removeMember", { channelId, userId: guest.userId });
  const message = guestDevice.send("sendMessage", { channelId, text: "one more thing" });
  await settle();
  assert.equal(outcomeOf(keeperDevice.reply(removal)), "stored");
  assert.equal(outcomeOf(guestDevice.reply(message)), "not_found");
  assert.deepEqual(keeperDevice.texts(channelId), []);
  // The reply comes first; then the last event of the channel, and word of the loss.
  assert.deepEqual(guestDevice.kinds().slice(2), ["reply", "memberLeft", "channelLost"]);
});

Deno.test("P3 in one batch: a message before the removal reaches the others, and nothing after it the removed", async () => {
  const { guest, channelId, keeperDevice, guestDevice } = await scene();
  const message = guestDevice.send("sendMessage", { channelId, text: "last words" });
  keeperDevice.send("removeMember", { channelId, userId: guest.userId });
  keeperDevice.send("sendMessage", { channelId, text: "they are gone" });
  await settle();
  assert.equal(outcomeOf(guestDevice.reply(message)), "stored");
  assert.deepEqual(keeperDevice.texts(channelId), ["last words", "they are gone"]);
  assert.deepEqual(guestDevice.texts(channelId), ["last words"]);
  const kinds = guestDevice.events(channelId).map(({ body }) => body.case);
  assert.deepEqual(kinds, ["messageSent", "memberLeft"]);
  const found = await guestDevice.ask("getHistory", { channelId });
  assert.equal(outcomeOf(found), "not_found");
});

Deno.test("S4 leaving and coming back in one batch: lost first, then subscribed anew", async () => {
  const { rig, guest, channelId, keeperDevice, guestDevice } = await scene();
  keeperDevice.send("removeMember", { channelId, userId: guest.userId });
  keeperDevice.send("sendMessage", { channelId, text: "in between" });
  keeperDevice.send("addMember", { channelId, userId: guest.userId });
  keeperDevice.send("sendMessage", { channelId, text: "welcome back" });
  await settle();
  assert.deepEqual(guestDevice.texts(channelId), ["welcome back"]);
  const kinds = guestDevice.kinds();
  assert(kinds.indexOf("channelLost") < kinds.indexOf("subscribed"));
  const [view] = guestDevice.items("subscribed");
  assert.equal(view?.headSeq, rig.store.head(channelId) - 1);
});

Deno.test("S4 who comes back while behind is told in the order of the log", async () => {
  const { rig, guest, channelId, keeperDevice, guestDevice } = await scene();
  guestDevice.outlet.room = 1;
  await keeperDevice.ask("sendMessage", { channelId, text: "fills the socket" });
  await keeperDevice.ask("removeMember", { channelId, userId: guest.userId });
  await keeperDevice.ask("addMember", { channelId, userId: guest.userId });
  await keeperDevice.ask("sendMessage", { channelId, text: "before they read" });
  assert.equal(guestDevice.items("subscribed").length, 0);
  guestDevice.outlet.room = Infinity;
  rig.clock.advance(100);
  await keeperDevice.ask("sendMessage", { channelId, text: "live again" });
  const kinds = guestDevice.kinds();
  assert(kinds.indexOf("channelLost") < kinds.indexOf("subscribed"));
  assert.deepEqual(guestDevice.texts(channelId), ["fills the socket", "live again"]);
  assert.equal(guestDevice.items("subscribed")[0]!.headSeq, rig.store.head(channelId) - 1);
});

Deno.test("D1 a refusal that rests on a removal is withdrawn when the removal is not stored", async () => {
  const { rig, guest, channelId, keeperDevice, guestDevice } = await scene();
  rig.store.beforeCommit = () => {
    throw new StoreFailure("disk full");
  };
  const removal = keeperDevice.send("removeMember", { channelId, userId: guest.userId });
  const message = guestDevice.send("sendMessage", { channelId, text: "hello" }, "k");
  await settle();
  assert.equal(outcomeOf(keeperDevice.reply(removal)), "unavailable");
  assert.equal(outcomeOf(guestDevice.reply(message)), "unavailable");
  rig.store.beforeCommit = undefined;
  assert.equal(outcomeOf(await guestDevice.ask("sendMessage", { channelId, text: "hello" }, "k")), "stored");
});

Deno.test("P3 a page does not show what stands behind a removal that is stored and not yet published", async () => {
  const { rig, guest, channelId, keeperDevice, guestDevice } = await scene();
  let publish = () => {};
  rig.store.afterCommit = () => new Promise<void>((resolve) => publish = resolve);
  keeperDevice.send("removeMember", { channelId, userId: guest.userId });
  keeperDevice.send("sendMessage", { channelId, text: "secret" });
  await settle();
  assert.equal(outcomeOf(await guestDevice.ask("getHistory", { channelId })), "not_found");
  publish();
  await settle();
  assert.deepEqual(guestDevice.texts(channelId), []);
});

Deno.test("R3 a welcome between a commit and its answer is not older than its head", async () => {
  const { rig, keeper, guest, channelId, keeperDevice, guestDevice } = await scene();
  rig.chat.disconnect(guestDevice.connection);
  rig.chat.disconnect(keeperDevice.connection);
  // A server that has just started knows no stream yet, and reads the head from the store.
  const next = new Rig({ store: rig.store });
  next.chat.authenticate("token-1");
  next.chat.authenticate("token-2");
  await next.done(keeper, "updateChannel", { channelId, topic: "old" });
  let publish = () => {};
  rig.store.afterCommit = () => new Promise<void>((resolve) => publish = resolve);
  const update = next.ask(keeper, "updateChannel", { channelId, topic: "new" });
  await settle();
  const device = await next.device(guest);
  publish();
  await update;
  const welcome = device.items("reply")[0]!.result;
  assert(welcome.case === "welcome");
  const view = welcome.value.channels.find(({ channel }) => channel.id === channelId)!;
  assert.equal(view.headSeq, rig.store.head(channelId));
  assert.equal(view.channel.topic, "new");
});

Deno.test("R3 a welcome between a commit and its answer counts no message that is delivered after it", async () => {
  const { rig, keeper, guest, channelId } = await scene();
  let publish = () => {};
  rig.store.afterCommit = () => new Promise<void>((resolve) => publish = resolve);
  const sending = rig.ask(keeper, "sendMessage", { channelId, text: "hello" });
  await settle();
  const device = await rig.device(guest);
  publish();
  await sending;
  await settle();
  const welcome = device.items("reply")[0]!.result;
  assert(welcome.case === "welcome");
  const view = welcome.value.channels.find(({ channel }) => channel.id === channelId)!;
  assert.deepEqual([view.unread, device.texts(channelId)], [0, ["hello"]]);
});

Deno.test("P4 a session that ends between the handshake and the open socket gets nothing", async () => {
  const { rig, guest } = await scene();
  await rig.done(guest, "logout", {});
  const device = rig.connect(guest);
  assert.equal(device.outlet.closed?.code, CloseCode.SESSION_ENDED);
  await device.ask("open", {});
  assert.deepEqual(device.outlet.frames, []);
});

Deno.test("P4 disabling an account ends its devices in the same step", async () => {
  const { keeper, guest, channelId, keeperDevice, guestDevice } = await scene();
  assert.notEqual(keeper.userId, guest.userId);
  const late = keeperDevice.send("setUserDisabled", { userId: guest.userId, disabled: true });
  const message = guestDevice.send("sendMessage", { channelId, text: "too late" });
  keeperDevice.send("sendMessage", { channelId, text: "after" });
  await settle();
  assert.equal(outcomeOf(keeperDevice.reply(late)), "stored");
  assert.equal(outcomeOf(guestDevice.reply(message)), "unauthenticated");
  assert.equal(guestDevice.outlet.closed?.code, CloseCode.SESSION_ENDED);
  assert.deepEqual(guestDevice.texts(channelId), []);
  assert.deepEqual(keeperDevice.texts(channelId), ["after"]);
});

Deno.test("M4 the limit of reactions holds within one batch", async () => {
  const rig = new Rig({ limits: { reactionsPerMessage: 3 } });
  const ann = await rig.user("ann");
  const channelId = await rig.channel(ann, "room");
  const messageSeq = await rig.say(ann, channelId, "hello");
  const emoji = ["👍", "🎉", "🐦", "🌊", "🔥"];
  const results = await Promise.all(
    emoji.map((emoji) => rig.ask(ann, "addReaction", { channelId, messageSeq, emoji })),
  );
  assert.equal(results.filter((result) => result.case === "stored").length, 3);
});
