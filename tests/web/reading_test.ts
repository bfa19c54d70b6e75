import assert from "node:assert/strict";
import {
  count,
  enter,
  eventually,
  holds,
  letPass,
  messageWith,
  PATIENCE_MS,
  say,
  storedWith,
  webTest,
} from "./browser.ts";

webTest("unread messages are counted, lined off, and read on every device", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  const other = await client.createChannel("elsewhere");
  const page = await web.open(gil);
  await enter(page, "general");
  await page.evaluate((id) => location.hash = `#channel=${id}`, other.id);
  await page.locator(".nothing").waitFor();
  for (let i = 1; i <= 60; i++) await client.sendMessage(channelId!, `message ${i}`);
  await page.locator(".channel", { hasText: "general" }).locator(".badge", { hasText: "60" }).waitFor();
  await page.waitForFunction(() => document.title.startsWith("• "));
  const phone = await web.open(gil);
  await page.bringToFront();
  await phone.locator(".unread-line").waitFor();
  await phone.locator(".unread-line + .message .text", { hasText: /^message 1$/ }).waitFor();
  // What is seen is read after a moment.
  await letPass(phone, 1_000);
  await using reader = await web.rig.live(gil);
  assert.equal(reader.replica.channels.get(channelId!)!.unread, 60, "what was not scrolled to is not read");
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
  await using reader = await web.rig.live(gil);
  const unread = () => [...reader.replica.channels.values()].filter(({ unread }) => unread > 0).length;
  await eventually(unread, names.length);
  for (const [at, name] of names.entries()) {
    await enter(page, name);
    await messageWith(page, `hello from ${name}`).waitFor();
    await eventually(unread, names.length - 1 - at);
  }
  await page.locator(".channel.unread").waitFor({ state: "detached" });
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
  const deadline = performance.now() + 10 * PATIENCE_MS;
  while (!await page.locator(".beginning").isVisible()) {
    assert.ok(performance.now() < deadline, "the beginning does not come");
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
        await new Promise((resolve) => setTimeout(resolve, 40));
        return row.isConnected ? Math.abs(row.getBoundingClientRect().top - before - by) : 0;
      }),
    );
  }
  assert.ok(jumped <= 1, `nothing jumps, but ${jumped} pixels`);
  await page.locator(".beginning ~ .message .text").first().filter({ hasText: /^message 1 / }).waitFor();
  assert.ok(await page.locator(".message").count() <= 300, "what is far away is not kept");
  await page.getByRole("button", { name: "Jump to the latest" }).click();
  await messageWith(page, "message 500").waitFor();

  const seq = stored[99]!.seq;
  const guest = await web.open(gil);
  // The mark is there for a moment only, which a busy machine may miss.
  await guest.addInitScript(() => {
    new MutationObserver(() => {
      const marked = document.querySelector<HTMLElement>(".message.marked");
      if (marked) (globalThis as { markedSeq?: unknown }).markedSeq = marked.dataset["seq"];
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  // The query makes it another page: behind # alone nothing would be loaded.
  await guest.goto(`${web.rig.url}/?anew#channel=${channelId}&message=${seq}`);
  const markedSeq = () => guest.evaluate(() => (globalThis as { markedSeq?: unknown }).markedSeq);
  await eventually(markedSeq, String(seq));
  await guest.locator(`.message[data-seq="${seq}"] .text`, { hasText: /^message 100 / }).waitFor();
  await say(guest, "back at the end");
  await storedWith(guest, "back at the end").waitFor();
});

webTest(
  "keys: up edits, Escape steps back, Alt and arrows change the channel, lists are walked",
  async (web) => {
    const olga = await web.rig.owner();
    const page = await web.open(olga);
    const composer = page.locator("#composer");
    await say(page, "one");
    await storedWith(page, "one").waitFor();
    await composer.fill("");
    await composer.press("ArrowUp");
    await holds(composer, "one");
    await composer.press("Escape");
    await holds(composer, "");
    await composer.fill("line one");
    await composer.press("Shift+Enter");
    await page.keyboard.type("line two");
    await composer.press("Enter");
    await storedWith(page, "line two").waitFor();
    await count(page.locator(".outgoing"), 0);
    await composer.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await storedWith(page, "line two").focus();
    await page.keyboard.press("ArrowUp");
    await page.locator(".message:focus .text", { hasText: /^one$/ }).waitFor();
    await page.locator(".message:focus .actions").waitFor();
    await page.keyboard.press("Tab");
    await eventually(() => page.locator(":focus").getAttribute("aria-label"), "Add a reaction");
    await page.keyboard.press("Enter");
    await page.getByLabel("Search emoji").waitFor();
    await page.locator(".emoji-groups section").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.locator(".emoji-board button:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".reaction", { hasText: "1" }).waitFor();
  },
);

webTest("a narrow page shows the list or the channel, and nothing overflows", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga, { viewport: { width: 320, height: 600 } });
  await enter(page, "general");
  await say(page, "W".repeat(300));
  await storedWith(page, "WWW").waitFor();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  await page.getByRole("button", { name: "All channels" }).click();
  await page.locator(".sidebar").waitFor();
  await page.locator(".me").click();
  await page.getByRole("dialog").waitFor();
  await eventually(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});
