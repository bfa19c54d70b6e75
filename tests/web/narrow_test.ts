import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { enter, eventually, letPass, webTest } from "./browser.ts";

const PHONE = { viewport: { width: 390, height: 780 } };

webTest("on a phone the members make way for the conversation, for Escape and for Back", async (web) => {
  const [olga] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(olga, PHONE);
  await enter(page, "general");
  const members = page.locator(".members");
  const open = async () => {
    await page.getByRole("button", { name: "Members" }).click();
    await members.waitFor();
  };
  await open();
  await page.keyboard.press("Escape");
  await members.waitFor({ state: "detached" });
  await open();
  await page.goBack();
  await members.waitFor({ state: "detached" });
  await page.locator(".room-head h2", { hasText: "general" }).waitFor();
  await open();
  await members.locator(".member", { hasText: "gil" }).click();
  await members.getByRole("button", { name: "Message" }).click();
  await page.locator(".room-head h2", { hasText: "gil" }).waitFor();
  await members.waitFor({ state: "detached" });
  await page.goBack();
  await page.locator(".room-head h2", { hasText: "general" }).waitFor();
});

webTest("a channel that is opened right after the members were closed stays open", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  await client.createChannel("elsewhere");
  await client.close();
  const page = await web.open(olga, { viewport: { width: 900, height: 700 } });
  await enter(page, "general");
  await page.getByRole("button", { name: "Members" }).click();
  await page.locator(".members").waitFor();
  // In one turn: the step back that closing means has not happened yet.
  await page.evaluate(() => {
    document.querySelector<HTMLElement>(".members header .icon-button:last-child")!.click();
    const channels = [...document.querySelectorAll<HTMLElement>(".channel")];
    channels.find(({ textContent }) => textContent!.includes("elsewhere"))!.click();
  });
  const isElsewhere = () => page.locator(".room-head h2", { hasText: "elsewhere" }).waitFor();
  await isElsewhere();
  await letPass(page, 300);
  await isElsewhere();
  await page.locator(".members").waitFor({ state: "detached" });
  await page.reload();
  await isElsewhere();
  await page.goBack();
  await page.locator(".room-head h2", { hasText: "general" }).waitFor();
});

webTest("a phone says in the list of channels, too, that there is no connection", async (web) => {
  const page = await web.open(await web.rig.owner(), PHONE);
  await web.rig.stop();
  await page.locator(".connection").waitFor();
  await page.locator(".sidebar").waitFor();
});

webTest("a touch shows what can be done with a message and does none of it", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  await client.sendMessage(channelId!, "one\n\ntwo\n\nthree");
  await client.close();
  const page = await web.open(olga, { ...PHONE, hasTouch: true, isMobile: true });
  await enter(page, "general");
  await page.evaluate(() => {
    const taps = globalThis as unknown as { taps: number };
    taps.taps = 0;
    addEventListener("click", () => setTimeout(() => taps.taps++));
  });
  let taps = 0;
  const tap = async (what: Locator) => {
    await what.tap();
    // The click comes after the touch, and what it does before the next task.
    await eventually(() => page.evaluate(() => (globalThis as unknown as { taps: number }).taps), ++taps);
  };
  for (const line of ["one", "two", "three"]) {
    await tap(page.locator(".message p", { hasText: line }));
    await page.locator(".message .actions").waitFor();
    assert.equal(await page.locator(".composer.editing, dialog, .emoji-picker").count(), 0);
    await tap(page.locator("#composer"));
  }
});

webTest("on a phone it is seen why a form was refused, and where to write first", async (web) => {
  const page = await web.open(await web.rig.owner(), { viewport: { width: 360, height: 640 } });
  await page.locator(".me").click();
  await page.getByRole("dialog").getByRole("button", { name: "Change password" }).click();
  const before = page.getByLabel("Current password");
  await eventually(() => before.evaluate((field) => field === document.activeElement), true);
  await before.fill("not the right one");
  await page.getByLabel("New password").fill("another good one");
  await page.keyboard.press("Enter");
  const why = page.getByRole("alert").filter({ hasText: "the current password is wrong" });
  const inSight = () =>
    why.evaluate((line) => {
      const { left, bottom } = line.getBoundingClientRect();
      return line.contains(document.elementFromPoint(left + 1, bottom - 1));
    });
  await eventually(inSight, true);
});
