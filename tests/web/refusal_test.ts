import assert from "node:assert/strict";
import { ChannelRole, login, type RookeryClient, RookeryError } from "../../src/client/mod.ts";
import { refusedBy } from "../../src/web/i18n/refused.ts";
import { Rig } from "../server/rig.ts";
import { webTest } from "./browser.ts";

/** The text for what the server says to this. */
async function told(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => assert.fail("It was not refused"), (error) => error);
  assert.ok(error instanceof RookeryError, String(error));
  const { key, whole } = refusedBy(error);
  return whole ? key : `${key} (${error.message})`;
}

Deno.test("what people are refused has a text of its own, by command and kind alone", async () => {
  await using rig = await Rig.start({ limits: { channelsPerUser: 4 } });
  const [olga, gil] = [await rig.owner(), await rig.person("gil")];
  const [owner, member] = [await rig.live(olga), await rig.live(gil)];
  const { id: gilId } = gil.user;
  const birds = await owner.createChannel("birds");
  const channelId = birds.id;
  await owner.addMember(channelId, gilId);
  for (const name of ["cliffs", "nests"]) await owner.createChannel(name);
  const seq = (await owner.sendMessage(channelId, "one")).seq;
  const cases: [work: () => Promise<unknown>, key: string][] = [
    [() => login(rig.url, { name: "gil", password: "not this one" }), "refusedLogin"],
    [() => member.changePassword("not this one", "something longer"), "refusedOldPassword"],
    [() => member.changePassword(gil.password, "short"), "refusedPassword"],
    [() => member.sendMessage(channelId, " "), "refusedText"],
    [() => member.createChannel("Not This"), "refusedChannel"],
    [() => owner.updateChannel(channelId, { name: "general" }), "refusedExists"],
    [() => member.updateProfile("a\u200bb"), "refusedDisplayName"],
    [() => owner.addUser({ name: "here", password: "something longer" }), "refusedAccount"],
    [() => member.deleteMessage({ channelId, seq }), "refusedRole"],
    [() => member.updateChannel(channelId, { topic: "mine" }), "refusedRole"],
    [() => member.deleteMessage({ channelId, seq: seq + 99 }), "refusedNotFound"],
    [() => owner.createChannel("rocks"), "refusedManyChannels"],
    [() => owner.leaveChannel(channelId), "refusedOnlyOwner"],
    [() => owner.setUserDisabled(gilId + 1_000, true), "refusedNotFound"],
    [() => owner.setMemberRole({ channelId, userId: olga.user.id }, ChannelRole.MEMBER), "refusedOnlyOwner"],
  ];
  for (const [work, key] of cases) assert.equal(await told(work()), key);
  await changedMeanwhile(owner, member, { channelId, seq, gilId });
  await Promise.all([owner.close(), member.close()]);
});

/** What the page offers until it hears of what somebody else has done. */
async function changedMeanwhile(
  owner: RookeryClient,
  member: RookeryClient,
  { channelId, seq, gilId }: { channelId: number; seq: number; gilId: number },
): Promise<void> {
  await owner.deleteMessage({ channelId, seq });
  assert.equal(await told(member.sendMessage(channelId, "to that", { replyTo: seq })), "refusedWriting");
  assert.equal(await told(member.addReaction({ channelId, seq }, "👍")), "refusedReaction");
  await owner.banMember(channelId, gilId);
  assert.equal(await told(member.joinChannel(channelId)), "refusedBanned");
  assert.equal(await told(owner.addMember(channelId, gilId)), "refusedAdding");
  await owner.unbanMember(channelId, gilId);
  await owner.setChannelArchived(channelId, true);
  assert.equal(await told(member.joinChannel(channelId)), "refusedJoining");
  assert.equal(await told(owner.sendMessage(channelId, "late")), "refusedWriting");
  assert.equal(await told(owner.addMember(channelId, gilId)), "refusedAddingNow");
  await owner.setUserDisabled(gilId, true);
  assert.equal(await told(owner.openDirect([gilId])), "refusedDirect");
}

Deno.test("what is over in a while says when, and what only has a kind keeps the server's words", () => {
  const by = (...error: ConstructorParameters<typeof RookeryError>) => refusedBy(new RookeryError(...error));
  assert.deepEqual(by("resource_exhausted", "Too many", { retryAfterMs: 1_200, command: "login" }), {
    key: "refusedTooMuchFor",
    count: 2,
    whole: true,
  });
  assert.deepEqual(by("resource_exhausted", "Too many"), { key: "refusedTooMuch", whole: false });
  assert.deepEqual(by("unavailable", "Stopping", { command: "sendMessage" }), {
    key: "refusedLater",
    whole: true,
  });
  assert.deepEqual(by("unavailable", "No answer"), { key: "refusedUnavailable", whole: true });
  assert.deepEqual(by("unauthenticated", "Ended", { command: "sendMessage" }), {
    key: "sessionEnded",
    whole: true,
  });
  assert.deepEqual(by("invalid_argument", "At most 100", { command: "watch" }), {
    key: "refusedInvalid",
    whole: false,
  });
});

webTest("a refusal in German has no English words", async (web) => {
  const page = await web.open(await web.rig.owner(), { locale: "de-DE" });
  await page.locator(".sidebar footer button", { hasText: "Einstellungen" }).click();
  await page.getByRole("button", { name: "Passwort ändern" }).click();
  await page.getByLabel("Aktuelles Passwort").fill("nicht dieses hier");
  await page.getByLabel("Neues Passwort").fill("ein ganzer neuer Satz");
  await page.getByRole("button", { name: "Passwort ändern" }).click();
  await page.getByText("Das aktuelle Passwort stimmt nicht.", { exact: true }).waitFor();
});
