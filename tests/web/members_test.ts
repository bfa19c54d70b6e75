import { count, enter, webTest } from "./browser.ts";

const PEOPLE = ["gil", "mia", "ned", "pia"];

webTest("the panel of members stays filled from channel to channel, with who is here", async (web) => {
  const olga = await web.rig.owner();
  const [owner, ...others] = await Promise.all(
    [olga, ...await Promise.all(PEOPLE.map((name) => web.rig.person(name)))].map((who) => web.rig.live(who)),
  );
  const { id } = await owner!.createChannel("birds");
  for (const other of others) await other.joinChannel(id);
  const page = await web.open(olga);
  await enter(page, "general");
  await page.getByRole("button", { name: "Members" }).click();
  const members = page.locator(".members .member");
  const here = page.locator(".members .presence.online");
  for (const channel of ["general", "birds", "general", "birds"]) {
    await enter(page, channel);
    await count(members, 5, `members of ${channel}`);
    await count(here, 5, `those who are here in ${channel}`);
  }
  await others[0]!.close();
  await count(here, 4, "and who leaves is seen to");
  for (const client of [owner!, ...others.slice(1)]) await client.close();
});

webTest(
  "of a channel with more people than may be watched, those are who may",
  async (web) => {
    const olga = await web.rig.owner();
    const others = await Promise.all(PEOPLE.map(async (name) => web.rig.live(await web.rig.person(name))));
    const page = await web.open(olga);
    await enter(page, "general");
    await page.getByRole("button", { name: "Members" }).click();
    await count(page.locator(".members .member"), 5);
    // The channel is watched, too, and nobody is asked about the user.
    await count(page.locator(".members .presence.online"), 3);
    for (const client of others) await client.close();
  },
  { limits: { watchedIds: 3 } },
);
