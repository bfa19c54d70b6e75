import assert from "node:assert/strict";
import { foldChannelName } from "../../src/text/channel_name.ts";
import { MATCH, matchRank } from "../../src/web/text/name_match.ts";
import { choose, count, enter, eventually, holds, webTest } from "./browser.ts";

Deno.test("names are found by the beginning of any of their words, whatever their case and accents", () => {
  const tomasz = { name: "tz.work", displayName: "Tomasz Zieliński-Nowak" };
  const cases: [letters: string, rank: number][] = [
    ["tz", MATCH.beginning],
    ["tomasz z", MATCH.beginning],
    ["zielinski", MATCH.word],
    ["ZIELIŃ", MATCH.word],
    ["nowak", MATCH.word],
    ["nowak tom", MATCH.word],
    ["work", MATCH.word],
    ["lińs", MATCH.within],
    ["nowak ada", MATCH.none],
    ["x", MATCH.none],
  ];
  for (const [letters, rank] of cases) assert.equal(matchRank(tomasz, letters), rank, letters);
  assert.equal(matchRank({ name: "q3-büro-umzug" }, "buro"), MATCH.word);
  for (const typed of ["BÜRO", "bu\u0308ro", "ｂüｒｏ", "BÜRO-公告"]) {
    assert.equal(matchRank({ name: foldChannelName("Büro-公告") }, typed), MATCH.beginning, typed);
  }
  assert.equal(matchRank({ name: "u1", displayName: "علی رضا" }, "رضا"), MATCH.word);
});

webTest("people are found by any word of either name, and several are added at once", async (web) => {
  const olga = await web.rig.owner();
  const names = [["u-one", "Ada Lindqvist"], ["u-two", "Bela Zieliński"], ["u-three", "Carla Okafor"]];
  for (const [name, displayName] of names) {
    const client = await web.rig.live(await web.rig.person(name!));
    await client.updateProfile(displayName!);
    await client.close();
  }
  const client = await web.rig.live(olga);
  const { id: channelId } = await client.createChannel("birds");
  const page = await web.open(olga);
  await enter(page, "general");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("zielinski");
  await page.getByRole("option", { name: "Bela Zieliński" }).waitFor();
  await page.keyboard.press("Escape");
  const composer = page.locator("#composer");
  await composer.pressSequentially("@okaf");
  await page.getByRole("option", { name: "Carla Okafor" }).waitFor();
  await composer.press("Tab");
  await holds(composer, "@u-three ");

  await enter(page, "birds");
  await page.getByRole("button", { name: "Members" }).click();
  await page.getByRole("button", { name: "Add people" }).click();
  const search = page.getByLabel("Search people");
  for (
    const [letters, name] of [["lind", "Ada Lindqvist"], ["three", "Carla Okafor"], [
      "bela",
      "Bela Zieliński",
    ]]
  ) {
    await search.fill(letters!);
    await page.locator(".people li", { hasText: name! }).getByRole("checkbox").check();
  }
  const chips = page.locator(".chips .name");
  await eventually(() => chips.allInnerTexts(), ["Ada Lindqvist", "Carla Okafor", "Bela Zieliński"]);
  await page.getByRole("button", { name: "Take Carla Okafor out" }).click();
  await eventually(() => chips.allInnerTexts(), ["Ada Lindqvist", "Bela Zieliński"]);
  await page.locator("dialog").getByRole("button", { name: "Add", exact: true }).click();
  await count(page.locator(".members .member"), 3);
  const { members } = await client.listMembers(channelId);
  assert.equal(members.length, 3);
  await client.close();
});

webTest("a public channel is found and joined from the switcher, and from its link", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  await client.createChannel("spring-birds");
  const boats = await client.createChannel("boats", { topic: "What floats" });
  const hidden = await client.createChannel("hidden", { private: true });
  const page = await web.open(gil);
  await enter(page, "general");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("birds");
  await page.getByRole("option", { name: "spring-birds Join" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".room-head h2", { hasText: "spring-birds" }).waitFor();

  await page.evaluate((id) => location.hash = `#channel=${id}`, boats.id);
  await page.getByText("What floats").waitFor();
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator(".room-head h2", { hasText: "boats" }).waitFor();
  await page.evaluate((id) => location.hash = `#channel=${id}`, hidden.id);
  await page.getByText("You are not in this channel, or it does not exist.").waitFor();
  await count(page.getByRole("button", { name: "Join" }), 0);

  await choose(page, "Browse channels");
  await page.getByLabel("Filter by name").fill("irds");
  await page.locator(".entries li", { hasText: "spring-birds" }).waitFor();
  await client.close();
});
