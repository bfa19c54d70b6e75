/** An invite is worth what its maker may do at present. @module */
import assert from "node:assert/strict";
import type { CommandBodies } from "../../src/chat/command.ts";
import { REFUSALS } from "../../src/chat/commands/invites.ts";
import { Code } from "../../src/chat/error.ts";
import { InviteState, OPERATOR, type Principal, Registration, ServerRole } from "../../src/chat/model.ts";
import { outcomeOf, Rig } from "./rig.ts";

interface Scene {
  readonly rig: Rig;
  readonly owner: Principal;
  readonly erin: Principal;
  readonly dora: Principal;
  /** A private channel of erin's, in which dora is not. */
  readonly hr: number;
  /** A public channel of erin's. */
  readonly news: number;
}

/** Erin and Dora are admins. */
async function scene(): Promise<Scene> {
  const rig = new Rig();
  const owner = await rig.user("owner", ServerRole.OWNER);
  const erin = await rig.user("erin", ServerRole.ADMIN);
  const dora = await rig.user("dora", ServerRole.ADMIN);
  const hr = await rig.channel(erin, "hr", true);
  const news = await rig.channel(erin, "news");
  return { rig, owner, erin, dora, hr, news };
}

async function invite(rig: Rig, who: Principal, body: Partial<CommandBodies["createInvite"]> = {}) {
  const result = await rig.done(who, "createInvite", { uses: 9, ...body });
  assert(result.case === "invite");
  return result.value;
}

/** Registers by a code; the channels that the account is in, or the refusal. */
async function enter(rig: Rig, name: string, inviteCode: string): Promise<string[] | string> {
  const result = await rig.ask(undefined, "register", { name, password: "password", inviteCode });
  if (result.case !== "sessionToken") return JSON.stringify(result.value);
  const places = rig.store.channelsOf(result.value.user.id).map(({ membership }) => membership);
  return places.map(({ channelId }) => rig.store.channel(channelId)!.name);
}

async function list(rig: Rig, who: Principal) {
  const result = await rig.done(who, "listInvites", {});
  assert(result.case === "invitePage");
  return result.value.invites;
}

/** What registering says to an invite in this state. */
function refusalOf(state: keyof typeof REFUSALS): string {
  return JSON.stringify({ code: Code.PERMISSION_DENIED, message: REFUSALS[state], retryAfterMs: 0 });
}

/** What the code is said to come to, which must be what registering with it comes to. */
async function check(rig: Rig, name: string, inviteCode: string) {
  const result = await rig.ask(undefined, "checkInvite", { inviteCode });
  assert(result.case === "inviteCheck");
  const { state, reason, role, firstOwner } = result.value;
  const entry = await enter(rig, name, inviteCode);
  if (state === InviteState.USABLE) assert(Array.isArray(entry) && reason === "", `${entry}`);
  else {
    assert.deepEqual([entry, reason, role, firstOwner], [refusalOf(state), REFUSALS[state], 0, false]);
  }
  return { state, role, firstOwner };
}

Deno.test("A9 an invite brings into those channels alone to which its maker may still add people", async () => {
  const { rig, owner, erin, hr, news } = await scene();
  const { code } = await invite(rig, erin, { channelIds: [hr, news] });
  assert.deepEqual(await enter(rig, "ann", code), ["general", "hr", "news"]);
  const userId = rig.store.userByName("ann")!.id;
  await rig.done(erin, "setMemberRole", { channelId: hr, userId, role: 3 });
  await rig.done(erin, "leaveChannel", { channelId: hr });
  assert.deepEqual(await enter(rig, "bob", code), ["general", "news"]);
  await rig.done(owner, "setChannelArchived", { channelId: news, archived: true });
  assert.deepEqual(await enter(rig, "cara", code), ["general"]);
});

Deno.test("A9 in one batch: who is removed cannot bring anybody in by an invite any more", async () => {
  const { rig, erin, dora, hr } = await scene();
  await rig.done(erin, "addMember", { channelId: hr, userId: dora.userId });
  await rig.done(erin, "setMemberRole", { channelId: hr, userId: dora.userId, role: 3 });
  const { code } = await invite(rig, erin, { channelIds: [hr] });
  const removal = rig.ask(dora, "removeMember", { channelId: hr, userId: erin.userId });
  const entry = enter(rig, "ann", code);
  assert.equal(outcomeOf(await removal), "stored");
  assert.deepEqual(await entry, ["general"]);
});

Deno.test("A9 an invite is void while its maker could not make it: demoted, disabled, or no owner any more", async () => {
  const { rig, owner, erin } = await scene();
  const second = await rig.user("second", ServerRole.OWNER);
  const void_ = refusalOf(InviteState.REVOKED);
  const { code } = await invite(rig, erin);
  const { code: ownerCode } = await invite(rig, second, { role: ServerRole.OWNER });
  const { code: adminCode } = await invite(rig, second, { role: ServerRole.ADMIN });
  await rig.done(owner, "setUserRole", { userId: erin.userId, role: ServerRole.MEMBER });
  assert.equal(await enter(rig, "ann", code), void_);
  assert(!(await list(rig, owner)).some((invite) => invite.code === code));
  await rig.done(owner, "setUserRole", { userId: erin.userId, role: ServerRole.ADMIN });
  assert.deepEqual(await enter(rig, "ann", code), ["general"]);
  await rig.done(owner, "setUserDisabled", { userId: erin.userId, disabled: true });
  assert.equal(await enter(rig, "bob", code), void_);
  await rig.done(owner, "setUserRole", { userId: second.userId, role: ServerRole.ADMIN });
  assert.equal(await enter(rig, "bob", ownerCode), void_);
  assert.equal(await enter(rig, "bob", adminCode), void_);
  await rig.done(owner, "setUserDisabled", { userId: second.userId, disabled: true });
  assert.equal(await enter(rig, "bob", ownerCode), void_);
  assert.equal(rig.store.ownerCount(), 1);
});

Deno.test("A9 an operator's invite stays valid, and brings into public channels", async () => {
  const { rig, news, hr } = await scene();
  const { code } = await invite(rig, OPERATOR, { channelIds: [news] });
  assert.deepEqual(await enter(rig, "ann", code), ["general", "news"]);
  assert.equal(outcomeOf(await rig.ask(OPERATOR, "createInvite", { channelIds: [hr] })), "not_found");
});

Deno.test("P2 the list of invites tells nobody of channels, nor shows a link into them, that they could not open", async () => {
  const { rig, owner, erin, dora, hr, news } = await scene();
  const { id, code } = await invite(rig, erin, { channelIds: [hr, news] });
  const { id: plainId, code: plainCode } = await invite(rig, erin, { channelIds: [news] });
  const shown = async (who: Principal) =>
    new Map((await list(rig, who)).map((one) => [one.id, [one.code, one.channelIds]]));
  for (const who of [dora, owner, OPERATOR]) {
    assert.deepEqual((await shown(who)).get(id), ["", [news]]);
    assert.deepEqual((await shown(who)).get(plainId), [plainCode, [news]]);
  }
  assert.deepEqual((await shown(erin)).get(id), [code, [hr, news]]);
  await rig.done(dora, "revokeInvite", { inviteId: id });
});

Deno.test("P5 a link to a role that one may not give is neither shown nor revoked", async () => {
  const { rig, owner, dora } = await scene();
  const { id } = await invite(rig, owner, { role: ServerRole.ADMIN });
  assert.deepEqual(await list(rig, dora), []);
  assert.equal(outcomeOf(await rig.ask(dora, "revokeInvite", { inviteId: id })), "not_found");
  assert.equal((await list(rig, owner)).length, 1);
});

Deno.test("A2 the link that claims a server is void as soon as there is an owner", async () => {
  const ways = {
    "user add": (rig: Rig) => rig.done(OPERATOR, "addUser", { name: "boss", role: ServerRole.OWNER }),
    "promotion": async (rig: Rig) => {
      const { userId } = await rig.user("boss");
      await rig.done(OPERATOR, "setUserRole", { userId, role: ServerRole.OWNER });
    },
    "another link": async (rig: Rig) => {
      const { code } = await invite(rig, OPERATOR, { role: ServerRole.OWNER });
      await enter(rig, "boss", code);
    },
  };
  for (const [way, make] of Object.entries(ways)) {
    const rig = new Rig({ registration: Registration.CLOSED });
    const claim = await rig.done(OPERATOR, "createInvite", { role: ServerRole.OWNER });
    assert(claim.case === "invite");
    const purposely = await invite(rig, OPERATOR, { role: ServerRole.OWNER, validS: 7 * 24 * 3600 });
    await make(rig);
    assert.equal((await check(rig, "late", claim.value.code)).state, InviteState.OWNED, way);
    assert.deepEqual((await list(rig, OPERATOR)).map(({ id }) => id).includes(claim.value.id), false);
    assert(Array.isArray(await enter(rig, "other", purposely.code)), way);
  }
});

Deno.test("A2 the link that claims a server waits for years, and works once, also for two in one batch", async () => {
  const rig = new Rig();
  const claim = await rig.done(OPERATOR, "createInvite", { role: ServerRole.OWNER });
  assert(claim.case === "invite");
  rig.clock.advance(20 * 365 * 24 * 3600 * 1000);
  const entries = await Promise.all(["ann", "bob"].map((name) => enter(rig, name, claim.value.code)));
  assert.deepEqual(entries.map((entry) => Array.isArray(entry)), [true, false]);
  assert.equal(rig.store.ownerCount(), 1);
});

Deno.test("A11 an invite says beforehand what registering with it would come to", async () => {
  const { rig, owner, erin } = await scene();
  const usable = { state: InviteState.USABLE, role: ServerRole.MEMBER, firstOwner: false };
  const once = await invite(rig, erin, { uses: 1 });
  const twice = await invite(rig, erin);
  const admins = await invite(rig, owner, { role: ServerRole.ADMIN });
  const owners = await invite(rig, owner, { role: ServerRole.OWNER });
  const late = await invite(rig, erin);
  assert.deepEqual(await check(rig, "ann", once.code), usable);
  assert.equal((await check(rig, "bob", once.code)).state, InviteState.USED_UP);
  assert.deepEqual(await check(rig, "bob", admins.code), { ...usable, role: ServerRole.ADMIN });
  assert.deepEqual(await check(rig, "cid", owners.code), { ...usable, role: ServerRole.OWNER });
  assert.deepEqual(await check(rig, "dan", twice.code), usable);
  await rig.done(erin, "revokeInvite", { inviteId: twice.id });
  assert.equal((await check(rig, "eve", twice.code)).state, InviteState.REVOKED);
  assert.equal((await check(rig, "eve", "junk")).state, InviteState.UNKNOWN);
  rig.clock.advance(8 * 24 * 3600 * 1000);
  assert.equal((await check(rig, "eve", late.code)).state, InviteState.EXPIRED);
});

Deno.test("A11 a closed server says so, and a new one says who becomes its first owner", async () => {
  const rig = new Rig({ registration: Registration.CLOSED });
  const claim = await rig.done(OPERATOR, "createInvite", { role: ServerRole.OWNER });
  assert(claim.case === "invite");
  const plain = await invite(rig, OPERATOR);
  assert.equal((await check(rig, "ann", plain.code)).state, InviteState.CLOSED);
  const first = { state: InviteState.USABLE, role: ServerRole.OWNER, firstOwner: true };
  assert.deepEqual(await check(rig, "ann", claim.value.code), first);
  assert.equal((await check(rig, "bob", claim.value.code)).state, InviteState.OWNED);
});

Deno.test("A11 asking changes nothing, and only codes that the server has not made count as attempts", async () => {
  const { rig, erin } = await scene();
  const { code } = await invite(rig, erin, { uses: 1 });
  const before = rig.logOf(1).length;
  const { admitted, withdrew } = rig.throttle;
  const [attempts, back] = [admitted.length, withdrew.length];
  for (let i = 0; i < 3; i++) await rig.done(undefined, "checkInvite", { inviteCode: code });
  assert.deepEqual([admitted.length - attempts, withdrew.length - back], [3, 3]);
  await rig.done(undefined, "checkInvite", { inviteCode: "junk" });
  assert.deepEqual([admitted.length - attempts, withdrew.length - back], [4, 3]);
  rig.throttle.full = true;
  for (const inviteCode of [code, "junk"]) {
    const result = await rig.ask(undefined, "checkInvite", { inviteCode });
    assert(result.case === "error" && result.value.retryAfterMs === 5000, "no telling them apart");
  }
  assert.equal(rig.logOf(1).length, before);
});

Deno.test("A9 L6 invites come in pages, newest first, and what is over does not shorten them", async () => {
  const rig = new Rig({ limits: { pageItems: 2 } });
  const owner = await rig.user("owner", ServerRole.OWNER);
  const erin = await rig.user("erin", ServerRole.ADMIN);
  const made: number[] = [];
  // More that erin may not see than are read at once.
  for (let at = 0; at < 300; at++) {
    made.push((await invite(rig, owner, { role: at % 100 === 0 ? 0 : ServerRole.OWNER })).id);
  }
  const pageOf = async (who: Principal, after: number, limit = 0) => {
    const result = await rig.done(who, "listInvites", { after, limit });
    assert(result.case === "invitePage");
    return [...result.value.invites.map(({ id }) => made.indexOf(id)), result.value.more];
  };
  assert.deepEqual(await pageOf(owner, 0), [299, 298, true]);
  assert.deepEqual(await pageOf(owner, 0, 1), [299, true]);
  assert.deepEqual(await pageOf(owner, made[298]!, 9), [297, 296, true]);
  assert.deepEqual(await pageOf(erin, 0), [200, 100, true]);
  assert.deepEqual(await pageOf(erin, made[100]!), [0, false]);
  assert.deepEqual(await pageOf(erin, made[0]!), [false]);
});
