/** A retry gets the first result, whatever has happened in between. @module */
import assert from "node:assert/strict";
import { OPERATOR, Registration, ServerRole } from "../../src/chat/model.ts";
import { outcomeOf, Rig } from "./rig.ts";

async function twoInPublic() {
  const rig = new Rig();
  const owner = await rig.user("owner", ServerRole.OWNER);
  const guest = await rig.user("guest");
  const channelId = await rig.channel(owner, "room");
  await rig.done(guest, "joinChannel", { channelId });
  return { rig, owner, guest, channelId };
}

Deno.test("K2 a retry after removal gets the first result", async () => {
  const { rig, owner, guest, channelId } = await twoInPublic();
  const body = { channelId, text: "hello" };
  const first = await rig.done(guest, "sendMessage", body, "k");
  await rig.done(owner, "banMember", { channelId, userId: guest.userId });
  assert.deepEqual(await rig.ask(guest, "sendMessage", body, "k"), first);
  assert.equal(outcomeOf(await rig.ask(guest, "sendMessage", body, "other")), "not_found");
});

Deno.test("K2 a retry after deletion gets the first result", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const first = await rig.done(guest, "sendMessage", { channelId, text: "hello" }, "send");
  assert(first.case === "stored");
  const messageSeq = first.value.seq;
  const reacted = await rig.done(guest, "addReaction", { channelId, messageSeq, emoji: "👍" }, "react");
  const edited = await rig.done(guest, "editMessage", { channelId, messageSeq, text: "bye" }, "edit");
  const deleted = await rig.done(guest, "deleteMessage", { channelId, messageSeq }, "delete");
  const retries = [
    [first, await rig.ask(guest, "sendMessage", { channelId, text: "hello" }, "send")],
    [reacted, await rig.ask(guest, "addReaction", { channelId, messageSeq, emoji: "👍" }, "react")],
    [edited, await rig.ask(guest, "editMessage", { channelId, messageSeq, text: "bye" }, "edit")],
    [deleted, await rig.ask(guest, "deleteMessage", { channelId, messageSeq }, "delete")],
  ];
  for (const [before, after] of retries) assert.deepEqual(after, before);
});

Deno.test("K2 a retry after a rename gets the channel as it was made, also by one who was removed", async () => {
  const rig = new Rig();
  const founder = await rig.user("founder");
  const heir = await rig.user("heir");
  const first = await rig.done(founder, "createChannel", { name: "secret", private: true }, "k");
  assert(first.case === "channel");
  const channelId = first.value.id;
  await rig.done(founder, "addMember", { channelId, userId: heir.userId });
  await rig.done(founder, "setMemberRole", { channelId, userId: heir.userId, role: 3 });
  await rig.done(heir, "removeMember", { channelId, userId: founder.userId });
  await rig.done(heir, "updateChannel", { channelId, name: "new-secret" });
  assert.deepEqual(await rig.ask(founder, "createChannel", { name: "secret", private: true }, "k"), first);
});

Deno.test("K2 accounts and invites too: after a new name shown, a use and a revocation", async () => {
  const rig = new Rig();
  const added = await rig.done(OPERATOR, "addUser", { name: "ann", displayName: "Ann" }, "add");
  const ann = await rig.login("ann");
  await rig.done(ann, "updateProfile", { displayName: "Anna" });
  assert.deepEqual(await rig.ask(OPERATOR, "addUser", { name: "ann", displayName: "Ann" }, "add"), added);
  const invited = await rig.done(OPERATOR, "createInvite", {}, "invite");
  assert(invited.case === "invite");
  await rig.done(OPERATOR, "revokeInvite", { inviteId: invited.value.id });
  assert.deepEqual(await rig.ask(OPERATOR, "createInvite", {}, "invite"), invited);
});

Deno.test("K2 a retry after a restart gets the first result", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const first = await rig.done(guest, "sendMessage", { channelId, text: "hello" }, "k");
  const next = new Rig({ store: rig.store });
  assert.equal(
    outcomeOf(await next.ask(guest, "sendMessage", { channelId, text: "hello" }, "k")),
    "unauthenticated",
  );
  const again = next.chat.authenticate("token-2")!;
  assert.deepEqual(again, guest);
  assert.deepEqual(await next.ask(again, "sendMessage", { channelId, text: "hello" }, "k"), first);
  assert.equal(rig.logOf(channelId).filter(({ body }) => body.case === "messageSent").length, 1);
});

Deno.test("K3 a key that was used for another command is refused", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const seq = await rig.say(guest, channelId, "hello", "k");
  const retry = await rig.ask(guest, "deleteMessage", { channelId, messageSeq: seq }, "k");
  assert.equal(outcomeOf(retry), "invalid_argument");
  const other = await rig.ask(guest, "markRead", { channelId, seq }, "k");
  assert.equal(outcomeOf(other), "invalid_argument");
});

Deno.test("K1 keys belong to their user", async () => {
  const { rig, owner, guest, channelId } = await twoInPublic();
  const seqs = [await rig.say(guest, channelId, "a", "k"), await rig.say(owner, channelId, "b", "k")];
  assert.equal(seqs[1], seqs[0]! + 1);
});

Deno.test("K7 retrying an old permission gives nobody that permission", async () => {
  const { rig, owner, guest, channelId } = await twoInPublic();
  const other = await rig.user("other");
  await rig.done(owner, "addMember", { channelId, userId: other.userId }, "add");
  await rig.done(owner, "removeMember", { channelId, userId: other.userId });
  const results = await Promise.all([
    rig.ask(owner, "addMember", { channelId, userId: other.userId }, "add"),
    rig.ask(other, "sendMessage", { channelId, text: "still here?" }),
    rig.ask(guest, "sendMessage", { channelId, text: "no" }),
  ]);
  assert.deepEqual(results.map(outcomeOf), ["stored", "not_found", "stored"]);
});

Deno.test("K5 logins and registrations have no key: nobody finds the session of somebody else", async () => {
  const rig = new Rig({ registration: Registration.OPEN });
  await rig.user("ann");
  const login = { name: "ann", password: "password" };
  const first = await rig.done(undefined, "login", login, "k");
  const wrong = await rig.ask(undefined, "login", { ...login, password: "guess" }, "k");
  assert.equal(outcomeOf(wrong), "unauthenticated");
  const second = await rig.done(undefined, "login", login, "k");
  assert(first.case === "sessionToken" && second.case === "sessionToken");
  assert.notEqual(second.value.sessionId, first.value.sessionId);
  assert.equal(rig.chat.authenticate(second.value.token)?.sessionId, second.value.sessionId);
  const register = { name: "bob", password: "password" };
  await rig.done(undefined, "register", register, "r");
  assert.equal(outcomeOf(await rig.ask(undefined, "register", register, "r")), "already_exists");
});

Deno.test("K4 a command that changed nothing is not remembered under its key", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const messageSeq = await rig.say(guest, channelId, "hello");
  const react = { channelId, messageSeq, emoji: "👍" };
  await rig.done(guest, "addReaction", react);
  assert.equal(outcomeOf(await rig.ask(guest, "addReaction", react, "k")), "done");
  await rig.done(guest, "removeReaction", react);
  assert.equal(outcomeOf(await rig.ask(guest, "addReaction", react, "k")), "stored");
});

Deno.test("K1 a key is at most 64 printable ASCII characters", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  for (const key of ["x".repeat(65), "a b", "ä", "a\n"]) {
    assert.equal(
      outcomeOf(await rig.ask(guest, "sendMessage", { channelId, text: "a" }, key)),
      "invalid_argument",
    );
  }
  await rig.say(guest, channelId, "a", "x".repeat(64));
});
