/** Logging in, registering, sessions, passwords, invites. @module */
import assert from "node:assert/strict";
import { ChatError, Code } from "../../src/chat/error.ts";
import { OPERATOR, Registration, ServerRole } from "../../src/chat/model.ts";
import { settle } from "./clock.ts";
import { outcomeOf, Rig } from "./rig.ts";

Deno.test("A4 unknown names, disabled accounts and wrong passwords all cost one verification", async () => {
  const rig = new Rig();
  await rig.user("ann");
  const locked = await rig.user("locked");
  await rig.done(OPERATOR, "setUserDisabled", { userId: locked.userId, disabled: true });
  const before = rig.passwords.verified;
  const attempts = [["nobody", "password"], ["locked", "password"], ["ann", "wrong"]] as const;
  const results = [];
  for (const [name, password] of attempts) {
    results.push(await rig.ask(undefined, "login", { name, password }));
  }
  assert.deepEqual(new Set(results.map((result) => JSON.stringify(result))).size, 1, "the very same answer");
  assert.equal(outcomeOf(results[0]), "unauthenticated");
  assert.equal(rig.passwords.verified - before, 3);
});

Deno.test("A5 attempts are counted before any password is hashed, and a right one is forgotten", async () => {
  const rig = new Rig();
  await rig.user("ann");
  rig.throttle.full = true;
  const work = rig.passwords.verified;
  const result = await rig.ask(undefined, "login", { name: "ann", password: "password" });
  assert(result.case === "error" && result.value.retryAfterMs === 5000);
  assert.equal(rig.passwords.verified, work);
  rig.throttle.full = false;
  await rig.done(undefined, "login", { name: "ANN", password: "password" });
  assert.equal(rig.throttle.right.at(-1), "ann");
});

Deno.test("A5 who is turned away because too many wait has not used up an attempt", async () => {
  const rig = new Rig();
  await rig.user("ann");
  const { verify } = rig.passwords;
  rig.passwords.verify = () => Promise.reject(new ChatError(Code.RESOURCE_EXHAUSTED, "Too many wait", 250));
  const result = await rig.ask(undefined, "login", { name: "ann", password: "password" });
  assert(result.case === "error" && result.value.retryAfterMs === 250);
  assert.equal(rig.throttle.withdrew.length, 1);
  rig.passwords.verify = verify;
  await rig.ask(undefined, "login", { name: "ann", password: "wrong password" });
  assert.equal(rig.throttle.withdrew.length, 1, "a wrong password is an attempt");
});

Deno.test("A5 a login's credential makes its device known, until the password changes", async () => {
  const rig = new Rig();
  const admin = await rig.user("root", ServerRole.ADMIN);
  const ann = await rig.user("ann");
  await rig.user("bob");
  const login = async (name: string, deviceCredential: string, password = "password") => {
    const result = await rig.ask(undefined, "login", { name, password, deviceCredential });
    return result.case === "sessionToken" ? result.value.deviceCredential : "";
  };
  const deviceId = () => rig.throttle.attempts.at(-1)!.deviceId;
  const credential = await login("ann", "");
  assert.equal(deviceId(), undefined);
  const next = await login("Ann", credential);
  const known = deviceId();
  assert.ok(known);
  await login("ann", next);
  assert.equal(deviceId(), known, "it stays the same device");
  await login("ann", credential, "wrong password");
  assert.equal(deviceId(), known, "it is known before the password is right");
  for (const name of ["bob", "nobody"]) {
    await login(name, credential);
    assert.equal(deviceId(), undefined, `${name} has not logged in from it`);
  }
  const passwords = { oldPassword: "password", newPassword: "new password" };
  await rig.done(ann, "changePassword", passwords);
  const changed = await login("ann", next, "new password");
  assert.equal(deviceId(), undefined);
  await rig.done(admin, "resetPassword", { userId: ann.userId, password: "reset password" });
  await login("ann", changed, "reset password");
  assert.equal(deviceId(), undefined);
  await rig.done(admin, "setUserDisabled", { userId: ann.userId, disabled: true });
  await login("ann", await login("ann", ""), "reset password");
  assert.deepEqual([rig.throttle.attempts.at(-1)!.userId, deviceId()], [undefined, undefined]);
});

Deno.test("A5 a session's own guesses at its password count for the session, and its address is known", async () => {
  const rig = new Rig();
  const ann = await rig.user("ann");
  const passwords = { oldPassword: "wrong password", newPassword: "new password" };
  assert.equal(outcomeOf(await rig.ask(ann, "changePassword", passwords)), "permission_denied");
  assert.equal(rig.throttle.attempts.at(-1)!.sessionId, ann.sessionId);
  assert.equal(rig.throttle.seenAt.at(-1), `${ann.userId} ::1`);
});

Deno.test("A8 a password that was hashed otherwise is hashed again at the next login", async () => {
  const rig = new Rig();
  const ann = await rig.user("ann");
  rig.passwords.generation = 2;
  await rig.login("ann");
  assert.equal(rig.store.passwordHash(ann.userId), "2:password");
});

Deno.test("A7 a changed password ends every other session, a reset one all", async () => {
  const rig = new Rig();
  const ann = await rig.user("ann");
  const second = await rig.login("ann");
  const change = { oldPassword: "password", newPassword: "password2" };
  assert.equal(
    outcomeOf(await rig.ask(ann, "changePassword", { ...change, oldPassword: "wrong" })),
    "permission_denied",
  );
  await rig.done(ann, "changePassword", change);
  assert.equal(outcomeOf(await rig.ask(second, "listUsers", {})), "unauthenticated");
  await rig.done(ann, "listUsers", {});
  await rig.done(OPERATOR, "resetPassword", { userId: ann.userId, password: "password3" });
  assert.equal(outcomeOf(await rig.ask(ann, "listUsers", {})), "unauthenticated");
});

Deno.test("A7 a login with the old password that is verified while the password changes fails", async () => {
  const rig = new Rig();
  const ann = await rig.user("ann");
  let release = () => {};
  rig.passwords.hold = new Promise((resolve) => release = resolve);
  const login = rig.ask(undefined, "login", { name: "ann", password: "password" });
  await settle();
  rig.passwords.hold = Promise.resolve();
  await rig.done(OPERATOR, "resetPassword", { userId: ann.userId, password: "password2" });
  release();
  assert.equal(outcomeOf(await login), "unauthenticated");
});

Deno.test("L6 the oldest session ends when there are too many", async () => {
  const rig = new Rig({ limits: { sessionsPerUser: 2 } });
  const first = await rig.user("ann");
  rig.clock.advance(1);
  const second = await rig.login("ann");
  rig.clock.advance(1);
  await rig.login("ann");
  assert.equal(outcomeOf(await rig.ask(first, "listUsers", {})), "unauthenticated");
  const page = await rig.done(second, "listSessions", {});
  assert(page.case === "sessionPage");
  assert.deepEqual(page.value.sessions.map(({ current }) => current), [false, true]);
});

Deno.test("A1 registration by invite, open, or closed; an owner's link works in every mode", async () => {
  for (const registration of [Registration.INVITE, Registration.OPEN, Registration.CLOSED]) {
    const rig = new Rig({ registration });
    const codes = new Map<number, string>();
    for (const role of [ServerRole.MEMBER, ServerRole.OWNER]) {
      const invited = await rig.done(OPERATOR, "createInvite", { role });
      assert(invited.case === "invite");
      codes.set(role, invited.value.code);
    }
    const outcomes: string[] = [];
    for (const inviteCode of ["", "junk", codes.get(1)!, codes.get(1)!, codes.get(3)!]) {
      const name = `user${outcomes.length}`;
      outcomes.push(
        outcomeOf(await rig.ask(undefined, "register", { name, password: "password", inviteCode })),
      );
    }
    const [pd, ok] = ["permission_denied", "sessionToken"];
    const expected = {
      [Registration.INVITE]: [pd, pd, ok, pd, ok],
      [Registration.OPEN]: [ok, pd, ok, pd, ok],
      [Registration.CLOSED]: [pd, pd, pd, pd, ok],
    };
    assert.deepEqual(outcomes, expected[registration]);
  }
});

Deno.test("A9 two registrations in one batch cannot share an invite's last use", async () => {
  const rig = new Rig();
  const invited = await rig.done(OPERATOR, "createInvite", {});
  assert(invited.case === "invite");
  const inviteCode = invited.value.code;
  const results = await Promise.all(
    ["ann", "bob"].map((name) => rig.ask(undefined, "register", { name, password: "password", inviteCode })),
  );
  assert.deepEqual(results.map(outcomeOf).sort(), ["permission_denied", "sessionToken"]);
});

Deno.test("A9 an invite expires, and brings into its channels", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", ServerRole.OWNER);
  const channelId = await rig.channel(owner, "secret", true);
  const invited = await rig.done(owner, "createInvite", { uses: 5, validS: 60, channelIds: [channelId] });
  assert(invited.case === "invite");
  const register = { password: "password", inviteCode: invited.value.code };
  const result = await rig.done(undefined, "register", { ...register, name: "ann" });
  assert(result.case === "sessionToken");
  const places = rig.store.channelsOf(result.value.user.id).map(({ channel }) => channel.id);
  assert(places.includes(channelId));
  assert.equal(places.length, 2, "and the default channel");
  rig.clock.advance(61_000);
  assert.equal(
    outcomeOf(await rig.ask(undefined, "register", { ...register, name: "bob" })),
    "permission_denied",
  );
});

Deno.test("A3 the same name twice in one batch goes to the first", async () => {
  const rig = new Rig();
  const results = await Promise.all([1, 2].map(() => rig.ask(OPERATOR, "addUser", { name: "ann" })));
  assert.deepEqual(results.map(outcomeOf), ["user", "already_exists"]);
});

Deno.test("P7 the last owner of a server, or of a channel with others in it, stays", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", ServerRole.OWNER);
  const ann = await rig.user("ann");
  const userId = owner.userId;
  assert.equal(outcomeOf(await rig.ask(OPERATOR, "setUserRole", { userId, role: 1 })), "failed_precondition");
  assert.equal(
    outcomeOf(await rig.ask(OPERATOR, "setUserDisabled", { userId, disabled: true })),
    "failed_precondition",
  );
  const channelId = await rig.channel(ann, "room", true);
  await rig.done(ann, "addMember", { channelId, userId });
  assert.equal(outcomeOf(await rig.ask(ann, "leaveChannel", { channelId })), "failed_precondition");
  const demote = { channelId, userId: ann.userId, role: 1 } as const;
  assert.equal(outcomeOf(await rig.ask(ann, "setMemberRole", demote)), "failed_precondition");
  const results = await Promise.all([
    rig.ask(ann, "setMemberRole", { channelId, userId, role: 3 }),
    rig.ask(ann, "leaveChannel", { channelId }),
    rig.ask(owner, "leaveChannel", { channelId }),
  ]);
  assert.deepEqual(results.map(outcomeOf), ["stored", "stored", "stored"]);
});

Deno.test("M5 a mention is what the page shows as one: not in code and links, and with marks that are the name's own", async () => {
  const rig = new Rig();
  const ann = await rig.user("ann");
  const bob = await rig.user("bob");
  const dash = await rig.user("bob-");
  await rig.user("eve");
  const channelId = await rig.channel(ann, "room");
  for (const { userId } of [bob, dash]) await rig.done(ann, "addMember", { channelId, userId });
  const cases: [text: string, names: string[]][] = [
    ["`@channel` https://medium.com/@bob/x bob@bob.org", []],
    ["交给@bob处理", ["bob"]],
    ["@bob. @bob!", ["bob"]],
    ["@bob-.", ["bob-"]],
    ["@bob--", ["bob-"]],
    ["@eve and @channel.", ["channel"]],
    ["```\n@bob\n```", []],
  ];
  for (const [text, names] of cases) {
    await rig.say(ann, channelId, text);
    const { body } = rig.logOf(channelId).at(-1)!;
    assert(body.case === "messageSent");
    const ids: Record<string, number> = { bob: bob.userId, "bob-": dash.userId };
    assert.deepEqual(
      body.value.mentionIds,
      names.filter((name) => name in ids).map((name) => ids[name]),
      text,
    );
    assert.equal(body.value.mentionChannel, names.includes("channel"), text);
  }
});

Deno.test("M5 L1 looking names up for mentions is bounded, whatever the text", async () => {
  const rig = new Rig();
  const ann = await rig.user("ann");
  const channelId = await rig.channel(ann, "room");
  let lookups = 0;
  const { store } = rig;
  const original = store.userByName.bind(store);
  store.userByName = (name) => (lookups++, original(name));
  const strangers = Array.from({ length: 2000 }, (_, n) => `@x${n}`).join(" ");
  await rig.say(ann, channelId, `@ann ${strangers} @channel`);
  assert(lookups <= 100, `${lookups} lookups`);
  const sent = rig.logOf(channelId).at(-1)!.body;
  assert(sent.case === "messageSent");
  assert.deepEqual(sent.value.mentionIds, [ann.userId]);
  assert.equal(sent.value.mentionChannel, true);
});

Deno.test("P5 admins see when people were last here, as far as a device of theirs is logged in", async () => {
  const rig = new Rig();
  const owner = await rig.user("owner", ServerRole.OWNER);
  rig.clock.advance(60_000);
  const ann = await rig.user("ann");
  const seenMs = rig.clock.now();
  rig.clock.advance(60_000);
  await rig.done(OPERATOR, "addUser", { name: "bob" });
  const bobId = rig.store.userByName("bob")!.id;
  const ask = async () => {
    const page = await rig.done(owner, "getLastSeen", { userIds: [bobId, ann.userId, 999_999] });
    assert(page.case === "lastSeenPage");
    return page.value.lastSeen.map(({ userId, timeMs }) => [userId, timeMs]);
  };
  assert.deepEqual(await ask(), [[bobId, 0], [ann.userId, seenMs]]);
  await rig.done(ann, "logout", {});
  assert.deepEqual(await ask(), [[bobId, 0], [ann.userId, 0]]);
  const many = Array.from({ length: 101 }, (_, i) => i + 1);
  assert.equal(outcomeOf(await rig.ask(owner, "getLastSeen", { userIds: many })), "invalid_argument");
});
