import { count, enter, eventually, webTest } from "./browser.ts";

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

webTest(
  "who is here is told of all who may be watched, and a number of people says whether there are more",
  async (web) => {
    const olga = await web.rig.owner();
    for (const name of PEOPLE) await web.rig.person(name);
    // The last to come stands on the last page.
    const eve = await web.rig.live(await web.rig.person("eve"));
    const page = await web.open(olga);
    await enter(page, "general");
    await page.getByRole("button", { name: "Members" }).click();
    const heads = () => page.locator(".members h3").allInnerTexts();
    await eventually(heads, ["Here now · 2", "Offline · 4"]);
    await page.getByRole("button", { name: "Add people" }).click();
    await page.getByRole("dialog").getByText("Nobody else is here yet.").waitFor();
    await page.keyboard.press("Escape");
    for (const name of ["ada", "bea"]) await web.rig.person(name);
    await page.reload();
    await page.getByRole("button", { name: "Members" }).click();
    await eventually(async () => (await heads()).map((head) => head.endsWith("+")), [true, true]);
    await page.getByRole("button", { name: "Show more" }).click();
    await eventually(async () => (await heads()).some((head) => head.includes("+")), false);
    await eve.close();
  },
  { limits: { pageItems: 2, watchedIds: 6 } },
);
