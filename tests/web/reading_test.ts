import assert from "node:assert/strict";
import { enter, messageWith, say, webTest } from "./browser.ts";

webTest("unread messages are counted, lined off, and read on every device", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  const other = await client.createChannel("elsewhere");
  const page = await web.open(gil);
  await page.evaluate((id) => location.hash = `#channel=${id}`, other.id);
  await page.locator(".nothing").waitFor();
  for (let i = 1; i <= 60; i++) await client.sendMessage(channelId!, `message ${i}`);
  await page.locator(".channel", { hasText: "general" }).locator(".badge", { hasText: "60" }).waitFor();
  await page.waitForFunction(() => document.title.startsWith("• "));
  const phone = await web.open(gil);
  await page.bringToFront();
  await phone.locator(".unread-line").waitFor();
  assert.equal(await phone.locator(".unread-line + .message .text").innerText(), "message 1");
  assert.equal(await phone.locator(".badge").count(), 1, "what was not scrolled to is not read");
  await phone.getByRole("button", { name: /new message/ }).click();
  await phone.locator(".badge").waitFor({ state: "detached" });
  await page.locator(".badge").waitFor({ state: "detached" });
  await client.close();
});

webTest("channels that are looked at one after the other are all read", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const names = ["ant", "bee", "cat", "dog"];
  for (const name of names) {
    const { id } = await client.createChannel(name);
    await client.addMember(id, gil.user.id);
    await client.sendMessage(id, `hello from ${name}`);
  }
  const page = await web.open(gil);
  await page.locator(".channel.unread").nth(names.length - 1).waitFor();
  const started = performance.now();
  for (const name of names) {
    await enter(page, name);
    await messageWith(page, `hello from ${name}`).waitFor();
    await page.locator(".channel.current:not(.unread)").waitFor();
  }
  assert.equal(await page.locator(".channel.unread").count(), 0);
  assert.ok(performance.now() - started < names.length * 2_500, "no channel waits for another one");
  await client.close();
});

webTest("W13 history scrolls back without a jump, and a link leads to its message", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  const sent = [];
  for (let i = 1; i <= 500; i++) {
    sent.push(client.sendMessage(channelId!, `message ${i} ${"words ".repeat(i % 40)}`));
  }
  const stored = await Promise.all(sent);
  await client.markRead(channelId!, stored.at(-1)!.seq);
  await client.close();
  const page = await web.open(olga);
  await messageWith(page, "message 500").waitFor();
  const scroller = page.locator(".scroller");
  let jumped = 0;
  for (let i = 0; i < 400 && !await page.locator(".beginning").isVisible(); i++) {
    jumped = Math.max(
      jumped,
      await scroller.evaluate(async (element) => {
        const rows = [...element.querySelectorAll<HTMLElement>(".message")];
        const top = element.getBoundingClientRect().top;
        const row = rows.find((candidate) => candidate.getBoundingClientRect().bottom > top)!;
        const before = row.getBoundingClientRect().top;
        const scrolled = element.scrollTop;
        element.scrollBy(0, -400);
        const by = scrolled - element.scrollTop;
        await new Promise((resolve) => setTimeout(resolve, 60));
        return row.isConnected ? Math.abs(row.getBoundingClientRect().top - before - by) : 0;
      }),
    );
  }
  assert.ok(jumped <= 1, `nothing jumps, but ${jumped} pixels`);
  assert.match(await page.locator(".message .text").first().innerText(), /^message 1 /);
  assert.ok(await page.locator(".message").count() <= 300, "what is far away is not kept");
  await page.getByRole("button", { name: "Jump to the latest" }).click();
  await messageWith(page, "message 500").waitFor();

  const seq = stored[99]!.seq;
  const guest = await web.open(gil, { path: `/#channel=${channelId}&message=${seq}` });
  await guest.locator(`.message.marked[data-seq="${seq}"]`).waitFor();
  assert.match(await guest.locator(".message.marked .text").innerText(), /^message 100 /);
  await say(guest, "back at the end");
  await messageWith(guest, "back at the end").and(guest.locator("[data-seq]")).waitFor();
});

webTest(
  "keys: up edits, Escape steps back, Alt and arrows change the channel, lists are walked",
  async (web) => {
    const olga = await web.rig.owner();
    const page = await web.open(olga);
    await say(page, "one");
    await messageWith(page, "one").and(page.locator("[data-seq]")).waitFor();
    await page.fill("#composer", "");
    await page.press("#composer", "ArrowUp");
    assert.equal(await page.inputValue("#composer"), "one");
    await page.press("#composer", "Escape");
    assert.equal(await page.inputValue("#composer"), "");
    await page.fill("#composer", "line one");
    await page.press("#composer", "Shift+Enter");
    await page.keyboard.type("line two");
    await page.press("#composer", "Enter");
    await messageWith(page, "line two").and(page.locator("[data-seq]")).waitFor();
    await page.press("#composer", "Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.locator(".message").last().focus();
    await page.keyboard.press("ArrowUp");
    assert.equal(await page.locator(".message:focus .text").innerText(), "one");
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").getAttribute("aria-label"), "Add a reaction");
    await page.keyboard.press("Enter");
    await page.getByLabel("Search emoji").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".reaction", { hasText: "1" }).waitFor();
  },
);

webTest("a narrow page shows the list or the channel, and nothing overflows", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga, { viewport: { width: 320, height: 600 } });
  await enter(page, "general");
  await say(page, "W".repeat(300));
  await messageWith(page, "WWW").and(page.locator("[data-seq]")).waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  await page.getByRole("button", { name: "All channels" }).click();
  await page.locator(".sidebar").waitFor();
  await page.locator(".me").click();
  await page.getByRole("dialog").waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});
