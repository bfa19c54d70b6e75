import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { count, enter, eventually, letPass, messageWith, say, storedWith, webTest } from "./browser.ts";

/** Remembers whether the open channel was ever shown as unread. */
async function watchCurrent(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    const seen = globalThis as { unreadSeen?: boolean };
    const look = () => seen.unreadSeen ||= document.querySelector(".channel.current.unread") !== null;
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    look();
  });
  return () => page.evaluate(() => (globalThis as { unreadSeen?: boolean }).unreadSeen ?? false);
}

webTest("a pill leads up to what is new, and says since when", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  for (let i = 1; i <= 90; i++) await client.sendMessage(channelId!, `message ${i}`);
  const page = await web.open(gil);
  const pill = page.locator(".unread-pill");
  await page.locator(".unread-line").waitFor();
  await page.getByRole("button", { name: /new message/ }).click();
  await messageWith(page, "message 90").waitFor();
  await pill.getByRole("button", { name: /^90 new since \d\d:\d\d$/ }).click();
  await page.locator(".unread-line + .message .text", { hasText: /^message 1$/ }).waitFor();
  await pill.waitFor({ state: "detached" });

  // Whoever comes back to a window that has scrolled on meanwhile is led up, too.
  await page.keyboard.press("Escape");
  await page.locator(".unread-line").waitFor({ state: "detached" });
  const reader = await web.rig.live(gil);
  await eventually(() => reader.replica.channels.get(channelId!)!.unread, 0);
  await reader.close();
  await page.evaluate(() => {
    document.hasFocus = () => false;
    dispatchEvent(new Event("blur"));
  });
  for (let i = 91; i <= 130; i++) await client.sendMessage(channelId!, `message ${i}`);
  await client.close();
  await messageWith(page, "message 130").waitFor();
  // It is on the screen, and nobody may be looking.
  await eventually(() => page.title(), "• #general · Rookery");
  await count(page.locator(".channel.unread"), 0);
  await page.evaluate(() => {
    document.hasFocus = () => true;
    dispatchEvent(new Event("focus"));
  });
  await pill.getByRole("button", { name: /^40 new since/ }).waitFor();
  await pill.getByRole("button", { name: "Dismiss" }).click();
  await pill.waitFor({ state: "detached" });
  await page.locator(".unread-line").waitFor({ state: "detached" });
});

webTest("channels count what is new quietly, and what calls loudly", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const { id } = await client.createChannel("busy");
  await client.addMember(id, gil.user.id);
  const page = await web.open(gil);
  await enter(page, "general");
  const row = page.locator(".channel.unread", { hasText: "busy" });
  for (let i = 1; i <= 3; i++) await client.sendMessage(id, `message ${i}`);
  await row.locator(".badge", { hasText: /^3$/ }).waitFor();
  await count(row.locator(".badge.calling"), 0);
  await eventually(() => page.title(), "• #general · Rookery");
  for (let i = 4; i <= 105; i++) await client.sendMessage(id, i % 50 === 0 ? "@gil, look" : `message ${i}`);
  await client.close();
  await row.locator(".badge:not(.calling)", { hasText: /^99\+$/ }).waitFor();
  await row.locator(".badge.calling", { hasText: /^2$/ }).waitFor();
  await eventually(() => page.title(), "(2) #general · Rookery");
  await enter(page, "busy");
  await page.getByRole("button", { name: /new message/ }).click();
  await page.locator(".channel.unread").waitFor({ state: "detached" });
  await eventually(() => page.title(), "#busy · Rookery");
});

webTest("the channel that is read has no badge, with a connection or without", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  const { id } = await client.createChannel("elsewhere");
  await client.addMember(id, gil.user.id);
  const page = await web.open(gil);
  await enter(page, "general");
  const shown = await watchCurrent(page);
  for (const text of ["one", "two"]) {
    await client.sendMessage(channelId!, text);
    await storedWith(page, text).waitFor();
  }
  // Markers are moved every few seconds at most: the second message is read before the server knows of it.
  await letPass(page, 500);
  const { port } = web.rig.app;
  await client.close();
  await web.rig.stop();
  await page.locator(".connection").waitFor();
  await letPass(page, 500);
  assert.equal(await shown(), false);
  await enter(page, "elsewhere");
  await letPass(page, 500);
  await count(page.locator(".channel.unread"), 0, "what was seen is not new, whatever the server knows");
  await web.rig.resume(port);
  await page.locator(".connection").waitFor({ state: "detached", timeout: 60_000 });
  const reader = await web.rig.live(gil);
  await eventually(() => reader.replica.channels.get(channelId!)?.unread, 0);
  await reader.close();
  await say(page, "back");
  await storedWith(page, "back").waitFor();
});
