import { enter, webTest } from "./browser.ts";

webTest("whoever is removed from a channel is told, and keeps what was typed", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const { id } = await client.createChannel("kick");
  await client.addMember(id, gil.user.id);
  const page = await web.open(gil);
  await enter(page, "kick");
  await page.fill("#composer", "half a thought");
  await client.removeMember(id, gil.user.id);
  await page.getByText("You are not in #kick any more.").waitFor();
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
