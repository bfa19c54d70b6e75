/** A retry gets the first result, whatever has happened in between. @module */
import assert from "node:assert/strict";
import { create, toBinary } from "@bufbuild/protobuf";
import { contentOf } from "../../src/chat/fingerprint.ts";
import { OPERATOR, Registration, ServerRole } from "../../src/chat/model.ts";
import { ClientFrameSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { decodeHot } from "../../src/wire/hot_decoder.ts";
import { decodeAny, decodeClientFrame, decodeCommand } from "../../src/wire/server_codec.ts";
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

Deno.test("K2 a retry after a rename gets the channel as it was made, and nothing once it may not be seen", async () => {
  const rig = new Rig();
  const founder = await rig.user("founder");
  const heir = await rig.user("heir");
  const first = await rig.done(founder, "createChannel", { name: "secret", private: true }, "k");
  assert(first.case === "channel");
  const channelId = first.value.id;
  await rig.done(founder, "addMember", { channelId, userId: heir.userId });
  await rig.done(founder, "setMemberRole", { channelId, userId: heir.userId, role: 3 });
  await rig.done(heir, "updateChannel", { channelId, name: "new-secret" });
  assert.deepEqual(await rig.ask(founder, "createChannel", { name: "secret", private: true }, "k"), first);
  await rig.done(heir, "removeMember", { channelId, userId: founder.userId });
  assert.equal(
    outcomeOf(await rig.ask(founder, "createChannel", { name: "secret", private: true }, "k")),
    "not_found",
  );
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

Deno.test("K3 the same key with another kind of command is another key", async () => {
  const { rig, owner, guest, channelId } = await twoInPublic();
  const hidden = await rig.channel(owner, "hidden", true);
  await rig.done(owner, "addMember", { channelId: hidden, userId: guest.userId });
  const friend = await rig.user("friend");
  await rig.done(guest, "addMember", { channelId: hidden, userId: friend.userId }, "leak");
  await rig.done(owner, "removeMember", { channelId: hidden, userId: guest.userId });
  await rig.done(owner, "updateChannel", { channelId: hidden, topic: "said afterwards" });
  const joined = await rig.ask(guest, "joinChannel", { channelId }, "leak");
  assert(joined.case === "channel" && joined.value.id === channelId);
  await rig.done(owner, "updateChannel", { channelId, topic: "t" }, "k");
  assert.equal(
    outcomeOf(await rig.ask(owner, "setChannelArchived", { channelId, archived: true }, "k")),
    "stored",
  );
  assert.equal(rig.store.channel(channelId)?.archived, true);
  await rig.done(owner, "setChannelArchived", { channelId, archived: false });
  const seq = await rig.say(guest, channelId, "hello", "k");
  await rig.done(guest, "editMessage", { channelId, messageSeq: seq, text: "bye" }, "k");
  await rig.done(guest, "deleteMessage", { channelId, messageSeq: seq }, "k");
  assert.equal(rig.store.messageFacts(channelId, seq)?.deleted, true);
});

Deno.test("K3 kinds of commands that have their first event in common do not take each other's answers", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", ServerRole.OWNER);
  const guest = await rig.user("guest");
  const { userId } = guest;
  const direct = await rig.done(owner, "openDirect", { userIds: [userId] }, "k");
  const room = await rig.done(owner, "createChannel", { name: "room" }, "k");
  assert(direct.case === "channel" && room.case === "channel");
  assert.deepEqual([direct.value.kind, room.value.kind], [3, 1]);
  const channelId = room.value.id;
  for (const name of ["removeMember", "banMember"] as const) {
    await rig.ask(owner, "addMember", { channelId, userId });
    await rig.done(owner, name, { channelId, userId }, "k");
  }
  assert.equal(rig.store.membership(channelId, userId)?.banned, true);
  await rig.done(owner, "updateProfile", { displayName: "O" }, "k");
  await rig.done(owner, "setUserRole", { userId, role: ServerRole.ADMIN }, "k");
  await rig.done(owner, "setUserDisabled", { userId, disabled: true }, "k");
  assert.deepEqual([rig.store.user(userId)?.role, rig.store.user(userId)?.disabled], [2, true]);
  await rig.done(owner, "changePassword", { oldPassword: "password", newPassword: "password2" }, "k");
  await rig.done(owner, "resetPassword", { userId, password: "password3" }, "k");
  assert.equal(rig.store.passwordHash(userId), "1:password3");
  await rig.done(undefined, "login", { name: "owner", password: "password2" });
  assert.equal(outcomeOf(await rig.ask(owner, "revokeSessions", { allOthers: true }, "k")), "stored");
  await rig.done(owner, "logout", {}, "k");
  assert.equal(outcomeOf(await rig.ask(owner, "listUsers", {})), "unauthenticated");
});

Deno.test("K3 a key from a folder where it named a command of any kind cannot be used for a message", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const event = { stream: channelId, body: { case: "memberUnbanned", value: { userId: 99 } } } as const;
  await rig.store.commit([{ actorId: guest.userId, key: "old", events: [event] }]);
  assert.equal(
    outcomeOf(await rig.ask(guest, "sendMessage", { channelId, text: "hello" }, "old")),
    "invalid_argument",
  );
});

Deno.test("K2 a retry shows a public channel to everybody, the banned too", async () => {
  const { rig, owner, guest, channelId } = await twoInPublic();
  await rig.done(guest, "leaveChannel", { channelId });
  const first = await rig.done(guest, "joinChannel", { channelId }, "k");
  await rig.done(owner, "banMember", { channelId, userId: guest.userId });
  assert.deepEqual(
    await rig.ask(guest, "joinChannel", { channelId }, "k"),
    first,
    "public channels are seen by all",
  );
});

Deno.test("K2 a retried change of password gets the first result, though the old one is wrong by now", async () => {
  const rig = new Rig();
  const ann = await rig.user("ann");
  const change = { oldPassword: "password", newPassword: "password2" };
  const first = await rig.done(ann, "changePassword", change, "k");
  const hashed = rig.passwords.hashed;
  assert.deepEqual(await rig.ask(ann, "changePassword", change, "k"), first);
  assert.equal(rig.passwords.hashed, hashed);
  assert.equal(outcomeOf(await rig.ask(ann, "changePassword", change, "other")), "permission_denied");
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

Deno.test("K9 a key that comes again with other content, or for another target, is refused; the first stands", async () => {
  const { rig, owner, guest, channelId } = await twoInPublic();
  const other = await rig.channel(owner, "other");
  await rig.done(guest, "joinChannel", { channelId: other });
  const body = { channelId, text: "hello" };
  const first = await rig.done(guest, "sendMessage", body, "k");
  assert(first.case === "stored");
  const { seq: messageSeq } = first.value;
  const refused = async (
    name: "sendMessage" | "editMessage" | "setUserRole",
    value: Record<string, unknown>,
  ) =>
    assert.equal(
      outcomeOf(await rig.ask(name === "setUserRole" ? owner : guest, name, value, "k")),
      "already_exists",
    );
  await refused("sendMessage", { channelId, text: "bye" });
  await refused("sendMessage", { channelId: other, text: "hello" });
  await rig.done(guest, "editMessage", { channelId, messageSeq, text: "edited" }, "k");
  await refused("editMessage", { channelId, messageSeq, text: "edited again" });
  assert.deepEqual(await rig.ask(guest, "sendMessage", body, "k"), first, "an edit changes nothing about it");
  await rig.done(owner, "setUserRole", { userId: guest.userId, role: ServerRole.ADMIN }, "k");
  await refused("setUserRole", { userId: guest.userId, role: ServerRole.OWNER });
  assert.equal(rig.store.user(guest.userId)?.role, ServerRole.ADMIN);
  const next = new Rig({ store: rig.store });
  const again = next.chat.authenticate("token-2")!;
  assert.equal(
    outcomeOf(await next.ask(again, "sendMessage", { channelId, text: "bye" }, "k")),
    "already_exists",
  );
  await rig.done(guest, "deleteMessage", { channelId, messageSeq });
  assert.deepEqual(await rig.ask(guest, "sendMessage", { channelId, text: "bye" }, "k"), first);
  assert.equal(rig.logOf(channelId).filter(({ body }) => body.case === "messageSent").length, 1);
});

Deno.test("K9 two commands of one batch under one key: the first is done, another is refused, the same has its result", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const ask = (text: string) => rig.ask(guest, "sendMessage", { channelId, text }, "k");
  const results = await Promise.all([ask("one"), ask("two"), ask("one")]);
  assert.deepEqual(results.map(outcomeOf), ["stored", "already_exists", "stored"]);
  assert.deepEqual(results[0], results[2]);
});

Deno.test("K2 K9 a retry has its result also when other words under its key come before it in one batch", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const ask = (text: string) => rig.ask(guest, "sendMessage", { channelId, text }, "k");
  const first = await ask("one");
  const [other, again] = await Promise.all([ask("two"), ask("one")]);
  assert.equal(outcomeOf(other!), "already_exists");
  assert.deepEqual(again, first);
});

Deno.test("K9 a secret that was lost keeps nobody from their results, and passwords are in no fingerprint", async () => {
  const { rig, guest, channelId } = await twoInPublic();
  const first = await rig.done(guest, "sendMessage", { channelId, text: "hello" }, "k");
  rig.secrets.secretId++;
  assert.deepEqual(await rig.ask(guest, "sendMessage", { channelId, text: "other" }, "k"), first);
  const value = { userId: 7, password: "one" };
  const other = { case: "resetPassword", value: { ...value, password: "two" } } as const;
  assert.equal(contentOf({ case: "resetPassword", value }), contentOf(other));
  assert.doesNotMatch(contentOf(other), /two/);
});

Deno.test("K9 both doors and encodings say the same", () => {
  const value = { channelId: 7, text: "hello 🐦", replyTo: 0 };
  const frame = create(ClientFrameSchema, {
    commands: [{ id: 1, key: "k", body: { case: "sendMessage", value } }],
  });
  const bytes = toBinary(ClientFrameSchema, frame);
  const bodies = [
    decodeAny(bytes)[0]!.body,
    decodeHot(bytes)![0]!.body,
    decodeClientFrame(
      JSON.stringify({ commands: [{ id: 1, sendMessage: { channelId: 7, text: "hello 🐦" } }] }),
      9,
    )[0]!.body,
    decodeCommand("SendMessage", JSON.stringify(value)),
    { case: "sendMessage", value } as const,
  ];
  assert.deepEqual(new Set(bodies.map(contentOf)).size, 1);
});
