import { enter, RECONNECT, say, webTest } from "./browser.ts";

webTest("whoever is removed from a channel is told, and keeps what was typed", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const { id } = await client.createChannel("kick");
  await client.addMember(id, gil.user.id);
  const page = await web.open(gil);
  await enter(page, "kick");
  await page.fill("#composer", "half a thought");
  await client.removeMember(id, gil.user.id);
  await page.getByText("You are no longer in #kick.").waitFor();
  await page.locator(".left-text blockquote", { hasText: /^half a thought$/ }).waitFor();
  await page.getByRole("button", { name: "Discard" }).click();
  await page.locator(".left-text").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Go to #general" }).click();
  await page.locator(".room-head h2", { hasText: "general" }).waitFor();
  await client.close();
});

webTest("what was typed in a channel that is archived can be read and given up", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(gil);
  await page.fill("#composer", "half a thought");
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  await client.setChannelArchived(channelId!, true);
  await client.close();
  await page.locator(".closed").waitFor();
  await page.locator(".left-text blockquote", { hasText: /^half a thought$/ }).waitFor();
  await page.locator(".left-text").getByRole("button", { name: "Discard" }).click();
  await page.locator(".left-text").waitFor({ state: "detached" });
});

webTest(
  "a message that is refused for a channel one does not look at is told, and can be found",
  async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const client = await web.rig.live(olga);
    const ids: number[] = [];
    for (const name of ["attic", "kick", "plain"]) {
      const { id } = await client.createChannel(name);
      await client.addMember(id, gil.user.id);
      ids.push(id);
    }
    await client.close();
    const page = await web.open(gil);
    await enter(page, "plain");
    const { port } = web.rig.app;
    await web.rig.stop();
    await page.locator(".connection").waitFor();
    for (const name of ["attic", "kick"]) {
      await enter(page, name);
      await say(page, `for ${name}`);
      await page.locator(".outgoing", { hasText: `for ${name}` }).waitFor();
    }
    await enter(page, "plain");

    await web.rig.resume();
    const owner = await web.rig.live(olga);
    await owner.setChannelArchived(ids[0]!, true);
    await owner.removeMember(ids[1]!, gil.user.id);
    await owner.close();
    await web.rig.stop();
    const notice = page.locator(".notice.error", { hasText: /^A message was not sent: / }).first()
      .waitFor(RECONNECT);
    await web.rig.resume(port);
    await notice;

    await page.locator(".archived .channel", { hasText: "attic" }).getByText("Not sent").waitFor();
    await page.locator(".left-behind .channel", { hasText: "for kick" }).click();
    await page.locator(".nothing").getByRole("button", { name: "Join" }).waitFor();
    await page.locator(".outgoing.refused", { hasText: "for kick" }).getByRole("button", { name: "Discard" })
      .click();
    await page.locator(".left-behind").waitFor({ state: "detached" });
    await page.locator(".archived .channel", { hasText: "attic" }).click();
    await page.locator(".outgoing.refused", { hasText: "for attic" }).getByRole("button", { name: "Discard" })
      .click();
    await enter(page, "plain");
    await page.locator(".archived .channel").getByText("Not sent").waitFor({ state: "detached" });
  },
);
