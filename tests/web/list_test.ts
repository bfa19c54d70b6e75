import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { count, enter, eventually, say, storedWith, texts, webTest } from "./browser.ts";
import type { RookeryClient } from "../../src/client/mod.ts";

const CHANNELS = 40;

/** Channels 00 to 39 for olga, and gil in three of them. */
async function manyChannels(olga: RookeryClient, gil: RookeryClient): Promise<number[]> {
  const ids: number[] = [];
  for (let i = 0; i < CHANNELS; i++) {
    const { id } = await olga.createChannel(`room-${String(i).padStart(2, "0")}`);
    ids.push(id);
  }
  for (const i of [1, 30, 31]) await gil.joinChannel(ids[i]!);
  return ids;
}

/** Whether the open channel's row is wholly in sight in the list. */
function currentInSight(page: Page): () => Promise<boolean> {
  return () =>
    page.evaluate(() => {
      const row = document.querySelector(".channel.current")?.getBoundingClientRect();
      const list = document.querySelector(".lists")!.getBoundingClientRect();
      return row !== undefined && row.top >= list.top && row.bottom <= list.bottom;
    });
}

webTest("a long list shows where one is, and the way to what is unread beyond its edges", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const [owner, guest] = [await web.rig.live(olga), await web.rig.live(gil)];
  const ids = await manyChannels(owner, guest);
  const page = await web.open(olga);
  await enter(page, "general");
  const inSight = currentInSight(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("room-39");
  await page.getByRole("option", { name: "room-39" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".room-head h2", { hasText: "room-39" }).waitFor();
  await eventually(inSight, true, { message: "after the switcher" });
  await page.reload();
  await page.locator(".room-head h2", { hasText: "room-39" }).waitFor();
  await eventually(inSight, true, { message: "after loading the page again" });
  await page.locator("#composer").press("Alt+ArrowDown");
  await page.locator(".room-head h2", { hasText: "general" }).waitFor();
  await eventually(inSight, true, { message: "after a step" });
  await page.getByRole("button", { name: "Members" }).click();
  await page.locator(".member").first().waitFor();
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollHeight - innerHeight),
    0,
    "the list scrolls, and not the page",
  );

  for (const i of [1, 30, 31]) await guest.sendMessage(ids[i]!, "new");
  await page.getByRole("button", { name: "2 unread" }).click();
  const row = (i: number) => page.locator(".channel", { hasText: `room-${String(i).padStart(2, "0")}` });
  const seen = (i: number) =>
    row(i).evaluate((element) => {
      const [box, list] = [element, element.closest(".lists")!].map((one) => one.getBoundingClientRect());
      return box!.top >= list!.top && box!.bottom <= list!.bottom;
    });
  await eventually(() => seen(30), true);
  await page.getByRole("button", { name: "1 unread" }).click();
  await eventually(() => seen(1), true);
  for (const client of [owner, guest]) await client.close();
});

webTest("conversations stand first, the latest at the top; rows have 30 and 44 pixels", async (web) => {
  const olga = await web.rig.owner();
  const others = await Promise.all(
    ["gil", "mia", "ned"].map(async (name) => web.rig.live(await web.rig.person(name))),
  );
  const ids: number[] = [];
  for (const other of others) ids.push((await other.openDirect([olga.user.id])).id);
  const page = await web.open(olga);
  const titles = () => page.locator(".channel .title").allInnerTexts();
  await eventually(titles, ["general"], { message: "nothing was said yet" });
  for (const [at, other] of others.entries()) await other.sendMessage(ids[at]!, "hello");
  await eventually(titles, ["ned", "mia", "gil", "general"]);
  await others[0]!.sendMessage(ids[0]!, "again");
  await eventually(titles, ["gil", "ned", "mia", "general"]);
  await page.reload();
  await eventually(titles, ["gil", "ned", "mia", "general"], { message: "as the server tells it" });
  const heights = (of: Page) =>
    of.locator(".channel").evaluateAll((
      rows,
    ) => [...new Set(rows.map((row) => (row as HTMLElement).offsetHeight))]);
  await eventually(() => heights(page), [30]);
  const phone = await web.open(olga, {
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  await eventually(() => heights(phone), [44]);
  for (const other of others) await other.close();
});

webTest("lists are one Tab stop each, F6 goes round the page, and Ctrl+/ tells of all that", async (web) => {
  const [olga] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  for (const name of ["birds", "boats"]) await client.createChannel(name);
  await client.close();
  const page = await web.open(olga);
  await enter(page, "general");
  await say(page, "hello");
  await storedWith(page, "hello").waitFor();
  await page.getByRole("button", { name: "Members" }).click();
  await count(page.locator(".members .member"), 2);
  const focused = () =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement!.id || activeElement!.textContent!.trim().slice(0, 7);
    });
  await page.focus("#composer");
  for (
    const [key, stop] of [
      ["F6", "Oolga"],
      ["F6", "general"],
      ["ArrowUp", "boats"],
      ["Home", "birds"],
      ["End", "general"],
      ["ArrowDown", "general"],
      ["Shift+F6", "Oolga"],
      ["ArrowDown", "Ggil"],
      ["Shift+F6", "composer"],
    ] as const
  ) {
    await page.keyboard.press(key);
    await eventually(async () => (await focused()).startsWith(stop), true, { message: `${key} to ${stop}` });
  }
  await page.keyboard.press("Shift+F6");
  await count(page.locator(".message:focus"), 1);
  const stops = () => page.locator(".lists .channel[tabindex='0'], .members .member[tabindex='0']").count();
  await eventually(stops, 2);

  await page.focus("#composer");
  await page.keyboard.press("Control+/");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await dialog.getByText("Next part of the page").waitFor();
  await page.keyboard.press("F6");
  await count(page.locator("dialog :focus"), 1, "the window keeps the focus");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

webTest(
  "tools of a message are whole below the head; text, tools and composer share a column",
  async (web) => {
    const olga = await web.rig.owner();
    const client = await web.rig.live(olga);
    const [channelId] = client.replica.channels.keys();
    for (let i = 0; i < 30; i++) await client.sendMessage(channelId!, `${i} ${"word ".repeat(80)}`);
    await client.close();
    const page = await web.open(olga, { viewport: { width: 1920, height: 900 } });
    await enter(page, "general");
    await page.locator(".message").nth(20).waitFor();
    const scroller = page.locator(".scroller");
    const box = (await scroller.boundingBox())!;
    for (const part of [0.3, 0.5]) {
      await scroller.evaluate((element, part) => element.scrollTop = element.scrollHeight * part, part);
      for (const beyond of [6, 30, 60]) {
        // The upper part of the message lies beyond the edge.
        await scroller.evaluate((element, beyond) => {
          const rows = [...element.querySelectorAll<HTMLElement>(".message")];
          const row = rows.find((row) => row.offsetTop > element.scrollTop)!;
          element.scrollTop = row.offsetTop + row.offsetHeight - beyond;
        }, beyond);
        await page.mouse.move(box.x + 500, box.y + 60);
        await page.mouse.move(box.x + 500, box.y + 3);
        const tools = page.locator(".actions");
        await eventually(
          async () => {
            const own = await tools.boundingBox();
            return own !== null && own.y >= box.y && own.y < box.y + 30;
          },
          true,
          { message: `${beyond} pixels of the message are seen` },
        );
      }
    }
    const edges = (selector: string) =>
      page.locator(selector).first().evaluate((element) => {
        const { left, right } = element.getBoundingClientRect();
        return { left, right };
      });
    const [text, composer, tools] = [
      await edges(".message .body"),
      await edges(".composer"),
      await edges(".actions"),
    ];
    assert.ok(composer.right - composer.left <= 960, `${composer.right - composer.left} pixels`);
    assert.ok(
      text.left >= composer.left && Math.abs(text.right - composer.right) <= 2,
      JSON.stringify({ text, composer }),
    );
    assert.ok(Math.abs(tools.right - composer.right) <= 2, JSON.stringify({ tools, composer }));

    await page.focus("#composer");
    await page.getByRole("button", { name: "Jump to the latest" }).click();
    await page.getByRole("button", { name: "Jump to the latest" }).waitFor({ state: "detached" });
    await count(page.locator("#composer:focus"), 1, "whoever was writing goes on");
    await scroller.evaluate((element) => element.scrollTop = 0);
    await page.getByRole("button", { name: "Jump to the latest" }).focus();
    await page.keyboard.press("Enter");
    await count(page.locator("#composer:focus"), 1, "by the keyboard, too");
    await eventually(async () => (await texts(page)()).length > 20, true);
  },
);
