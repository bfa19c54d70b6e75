/** No channel is left without an owner who can act. @module */
import assert from "node:assert/strict";
import { OPERATOR, type Principal, ServerRole } from "../../src/chat/model.ts";
import { outcomeOf, Rig } from "./rig.ts";

interface Scene {
  readonly rig: Rig;
  readonly admin: Principal;
  readonly [name: string]: Principal | Rig;
}

/** People in the order of their accounts. */
async function scene(): Promise<Scene & Record<"ann" | "bob" | "cara" | "dave", Principal>> {
  const rig = new Rig();
  const admin = await rig.user("admin", ServerRole.OWNER);
  const people: Record<string, Principal> = {};
  for (const name of ["ann", "bob", "cara", "dave"]) people[name] = await rig.user(name);
  return { rig, admin, ...people } as never;
}

async function room(rig: Rig, owner: Principal, members: Principal[], isPrivate = true): Promise<number> {
  const channelId = await rig.channel(owner, `room${rig.store.maxId()}`, isPrivate);
  for (const { userId } of members) await rig.done(owner, "addMember", { channelId, userId });
  return channelId;
}

function disable(rig: Rig, { userId }: Principal, disabled = true) {
  return rig.done(OPERATOR, "setUserDisabled", { userId, disabled });
}

Deno.test("P7 the only owner of a channel with others in it is not removed or banned, and the refusal says what to do", async () => {
  const { rig, admin, ann, bob } = await scene();
  const channelId = await room(rig, ann, [bob], false);
  for (const name of ["removeMember", "banMember"] as const) {
    const result = await rig.ask(admin, name, { channelId, userId: ann.userId });
    assert(result.case === "error" && /make somebody else an owner first/.test(result.value.message));
    assert.equal(outcomeOf(result), "failed_precondition");
  }
  await rig.done(admin, "setMemberRole", { channelId, userId: bob.userId, role: 3 });
  assert.equal(outcomeOf(await rig.ask(admin, "banMember", { channelId, userId: ann.userId })), "stored");
});

Deno.test("P7 the only one in a channel may be removed from it", async () => {
  const { rig, admin, ann } = await scene();
  const channelId = await room(rig, ann, [], false);
  assert.equal(outcomeOf(await rig.ask(admin, "removeMember", { channelId, userId: ann.userId })), "stored");
});

Deno.test("P11 when the only owner is disabled, the moderator with the oldest account becomes owner", async () => {
  const { rig, ann, bob, cara, dave } = await scene();
  const channelId = await room(rig, ann, [bob, dave, cara]);
  for (const { userId } of [dave, cara]) await rig.done(ann, "setMemberRole", { channelId, userId, role: 2 });
  const device = await rig.device(cara);
  await disable(rig, ann);
  assert.deepEqual(rig.store.channelOwners(channelId), [ann.userId, cara.userId]);
  const told = device.events(channelId).map(({ body }) => body);
  assert.deepEqual(told.at(-1), { case: "memberRoleChanged", value: { userId: cara.userId, role: 3 } });
  await rig.done(cara, "updateChannel", { channelId, topic: "ours" });
  await disable(rig, ann, false);
  assert.deepEqual(rig.store.channelOwners(channelId), [ann.userId, cara.userId], "both from now on");
});

Deno.test("P11 without moderators it is the member with the oldest account, disabled ones left out", async () => {
  const { rig, ann, bob, cara, dave } = await scene();
  const channelId = await room(rig, dave, [cara, bob, ann]);
  await disable(rig, ann);
  await disable(rig, dave);
  assert.deepEqual(rig.store.channelOwners(channelId), [bob.userId, dave.userId]);
  await disable(rig, bob);
  assert.deepEqual(rig.store.channelOwners(channelId), [bob.userId, cara.userId, dave.userId]);
});

Deno.test("P11 a channel whose members are all disabled gets an owner with the first who comes back", async () => {
  const { rig, ann, bob } = await scene();
  const channelId = await room(rig, ann, [bob]);
  await disable(rig, bob);
  await disable(rig, ann);
  assert.deepEqual(rig.store.channelOwners(channelId), [ann.userId]);
  await disable(rig, bob, false);
  assert.deepEqual(rig.store.channelOwners(channelId), [ann.userId, bob.userId]);
});

Deno.test("P11 nothing changes where another owner is left, or nobody could be", async () => {
  const { rig, ann, bob, cara } = await scene();
  const shared = await room(rig, ann, [bob, cara]);
  await rig.done(ann, "setMemberRole", { channelId: shared, userId: bob.userId, role: 3 });
  const alone = await room(rig, ann, []);
  const direct = await rig.done(ann, "openDirect", { userIds: [cara.userId] });
  assert(direct.case === "channel");
  const heads = [shared, alone, direct.value.id].map((id) => rig.store.head(id));
  await disable(rig, ann);
  assert.deepEqual([shared, alone, direct.value.id].map((id) => rig.store.head(id)), heads);
});

Deno.test("P7 P11 a disabled owner does not count: the other one cannot leave, nor give the role up", async () => {
  const { rig, ann, bob, cara } = await scene();
  const channelId = await room(rig, ann, [bob, cara]);
  await rig.done(ann, "setMemberRole", { channelId, userId: bob.userId, role: 3 });
  await disable(rig, ann);
  assert.equal(outcomeOf(await rig.ask(bob, "leaveChannel", { channelId })), "failed_precondition");
  const demote = { channelId, userId: bob.userId, role: 1 } as const;
  assert.equal(outcomeOf(await rig.ask(bob, "setMemberRole", demote)), "failed_precondition");
  assert.equal(outcomeOf(await rig.ask(bob, "removeMember", { channelId, userId: ann.userId })), "stored");
  await disable(rig, cara);
  assert.equal(outcomeOf(await rig.ask(bob, "leaveChannel", { channelId })), "stored", "nobody else can act");
});

Deno.test("P7 P11 two owners who go in one batch: the second stays, or the next one follows", async () => {
  const { rig, ann, bob, cara } = await scene();
  const channelId = await room(rig, ann, [bob, cara]);
  await rig.done(ann, "setMemberRole", { channelId, userId: bob.userId, role: 3 });
  const results = await Promise.all([
    rig.ask(OPERATOR, "setUserDisabled", { userId: ann.userId, disabled: true }),
    rig.ask(bob, "leaveChannel", { channelId }),
    rig.ask(OPERATOR, "setUserDisabled", { userId: bob.userId, disabled: true }),
    rig.ask(cara, "setChannelArchived", { channelId, archived: true }),
  ]);
  assert.deepEqual(results.map(outcomeOf), ["stored", "failed_precondition", "stored", "stored"]);
});
