/** Where the reader is, when what is shown is loaded again. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { choose, count, eventually, letPass, messageWith, RECONNECT, type Web, webTest } from "./browser.ts";

/** The first message on the screen, and where it begins. */
function place(page: Page): Promise<{ seq: string | undefined; top: number }> {
  return page.locator(".scroller").evaluate((element) => {
    const { top } = element.getBoundingClientRect();
    const rows = [...element.querySelectorAll<HTMLElement>("[data-seq]")];
    const row = rows.find((candidate) => candidate.getBoundingClientRect().bottom > top)!;
    return { seq: row.dataset["seq"], top: Math.round(row.getBoundingClientRect().top) };
  });
}

/** While the page has no server, olga edits a message and writes more than is replayed. */
async function missMuch(web: Web, work: (server: { readonly port: number }) => Promise<void>): Promise<void> {
  const { port } = web.rig.app;
  await web.rig.stop();
  await web.rig.resume();
  await work(web.rig.app);
  await web.rig.stop();
  await web.rig.resume(port);
}

for (const where of ["in the middle", "at the end"] as const) {
  webTest(`whoever reads ${where} stays there when too much was missed`, async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const client = await web.rig.live(olga);
    const [channelId] = client.replica.channels.keys();
    for (let i = 1; i <= 150; i++) await client.sendMessage(channelId!, `message ${i}`);
    const { headSeq } = client.replica.channels.get(channelId!)!;
    await client.close();
    const reader = await web.rig.live(gil);
    await reader.markRead(channelId!, headSeq);
    await reader.close();
    const page = await web.open(gil);
    await messageWith(page, "message 150").waitFor();
    if (where === "in the middle") {
      await page.locator(".scroller").evaluate((element) => element.scrollBy(0, -700));
      await page.locator(".jump").waitFor();
      await letPass(page, 300);
    }
    const before = await place(page);
    await missMuch(web, async () => {
      const writer = await web.rig.live(olga);
      await writer.editMessage({ channelId: channelId!, seq: Number(before.seq) + 1 }, "told only anew");
      for (let i = 1; i <= 90; i++) await writer.sendMessage(channelId!, `missed ${i}`);
      await writer.close();
    });
    await messageWith(page, "told only anew").waitFor(RECONNECT);
    await page.locator(".jump", { hasText: "90 new messages" }).waitFor();
    if (where === "in the middle") {
      const { seq, top } = await place(page);
      assert.equal(seq, before.seq);
      assert.ok(Math.abs(top - before.top) <= 1, `moved by ${top - before.top} pixels`);
    } else {
      // The line about the connection has come and gone above it.
      const bottom = (element: Element) => element.getBoundingClientRect().bottom;
      const last = await messageWith(page, "message 150").evaluate(bottom);
      const end = await page.locator(".scroller").evaluate(bottom);
      assert.ok(
        last > end - 100 && last < end + 100,
        `the last that was read ends at ${last} of ${end} pixels`,
      );
    }
    await page.locator(".jump").click();
    await messageWith(page, "missed 90").waitFor();
    await page.locator(".unread-pill").getByRole("button", { name: /^90 new since/ }).click();
    await page.locator(".unread-line + .message .text", { hasText: /^missed 1$/ }).waitFor();
    await count(page.locator(".notice"), 0);
  }, { limits: { replayEvents: 50 } });
}

webTest("a server that stops is told of once, calmly", async (web) => {
  const [olga] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(olga);
  await page.evaluate(() => {
    const noticed = globalThis as unknown as { noticed: string[] };
    noticed.noticed = [];
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll(".notice")) noticed.noticed.push(textContent!);
    }).observe(document, { subtree: true, childList: true });
  });
  await page.getByRole("button", { name: "Members" }).click();
  await page.locator(".members .member", { hasText: "gil" }).waitFor();
  const { port } = web.rig.app;
  await web.rig.stop();
  await page.locator(".connection", { hasText: "No connection" }).waitFor();
  // What asks for something now asks in vain.
  await page.getByRole("button", { name: "Members" }).click();
  await page.getByRole("button", { name: "Members" }).click();
  await choose(page, "Browse channels");
  await page.getByRole("dialog").getByText("This will load once you are").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await count(page.locator(".connection"), 1);
  await web.rig.resume(port);
  await page.locator(".connection").waitFor({ state: "detached", ...RECONNECT });
  await page.locator(".members .member", { hasText: "gil" }).waitFor();
  const noticed = () => page.evaluate(() => (globalThis as unknown as { noticed: string[] }).noticed);
  await eventually(noticed, []);
});
