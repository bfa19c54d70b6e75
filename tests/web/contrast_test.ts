import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { findings } from "./axe.ts";
import { enter, messageWith, openDialog, say, type Web, webTest } from "./browser.ts";
import { faint } from "./contrast.ts";

/** Measures what is on the screen, by axe-core and by hand. */
class Gauge {
  readonly found: string[] = [];
  readonly #seen = new Set<string>();

  async read(page: Page, what: string): Promise<void> {
    this.#note(what, [...await findings(page, { only: "color-contrast" }), ...await faint(page)]);
  }

  /** What only a pointer shows. */
  async hover(page: Page, selectors: readonly string[]): Promise<void> {
    for (const selector of selectors) {
      await page.locator(selector).first().hover();
      this.#note(`over ${selector}`, await faint(page));
    }
  }

  #note(what: string, found: readonly string[]): void {
    for (const one of found) {
      if (!this.#seen.has(one)) this.found.push(`${what}: ${one}`);
      this.#seen.add(one);
    }
  }
}

const TALK = [
  "@olga **hello** `code` https://example.org\n> quoted @gil\n- item\n1. first",
  "```\nlet x = 1;\n```",
  "@gil and **bold**",
];

/** A channel with one of everything; the page is olga's. */
async function furnish(web: Web, page: Page): Promise<() => Promise<void>> {
  const gil = await web.rig.person("gil");
  const client = await web.rig.live(gil);
  const [general] = client.replica.channels.keys();
  const channelId = general!;
  const stored = [];
  for (const text of TALK) stored.push(await client.sendMessage(channelId, text));
  const [first, second] = stored.map(({ seq }) => ({ channelId, seq }));
  await client.addReaction(first!, "👍");
  await client.addReaction(first!, "🎉");
  await client.editMessage(second!, "edited");
  await client.sendMessage(channelId, "Answer", { replyTo: first!.seq });
  const gone = await client.sendMessage(channelId, "gone");
  await client.deleteMessage({ channelId, seq: gone.seq });
  const busy = await client.createChannel("busy", { topic: "What is going on" });
  const olga = client.replica.channels.get(channelId)!.messages[0]!.mentionIds[0]!;
  await client.addMember(busy.id, olga);
  await client.sendMessage(busy.id, "one");
  const calling = await client.createChannel("calling");
  await client.addMember(calling.id, olga);
  await client.sendMessage(calling.id, "@olga two");
  const old = await client.createChannel("old");
  await client.addMember(old.id, olga);
  await client.setChannelArchived(old.id, true);
  await page.locator(".channel", { hasText: "calling" }).locator(".badge.calling").waitFor();
  return () => client.close();
}

async function dialogs(page: Page, gauge: Gauge, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await openDialog(page, name);
    await gauge.read(page, name);
    const buttons = ["dialog button:not(:disabled):not(.icon-button)", "dialog .icon-button"];
    for (const button of buttons) {
      if (await page.locator(button).count() > 0) await gauge.hover(page, [button]);
    }
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  // The policy of the page lets no script in; axe-core comes by the debugger's door.
  const options = { colorScheme, bypassCSP: true, reducedMotion: "reduce" as const };

  webTest(`everything at the door can be read (${colorScheme})`, async (web) => {
    const gauge = new Gauge();
    const door = await web.open(undefined, options);
    await door.getByLabel("Name", { exact: true }).fill("olga");
    await gauge.read(door, "logging in");
    await gauge.hover(door, ["button.primary", "button.plain"]);
    await door.getByRole("button", { name: "I need an account" }).click();
    await door.getByLabel("Name", { exact: true }).fill("ö");
    await door.getByLabel("Password").fill("x");
    // What may still become right is only said when the field is left.
    await door.keyboard.press("Tab");
    await door.locator(".hint.bad").nth(1).waitFor();
    await gauge.read(door, "joining, not well");
    const lost = await web.open(undefined, { ...options, path: "/#invite=AAAAAAAAAAAAAAAAAAAAAAAAAAA" });
    await lost.getByRole("alert").waitFor();
    await gauge.read(lost, "an invite that is none");
    const plain = await web.browser.newPage({ ...options, locale: "en-GB" });
    await plain.goto(`http://rookery.test:${web.rig.app.port}/`);
    await plain.locator(".callout").waitFor();
    await gauge.read(plain, "without encryption");
    assert.deepEqual(gauge.found, []);
  });

  webTest(`everything in a channel can be read (${colorScheme})`, async (web) => {
    const gauge = new Gauge();
    const page = await web.open(await web.rig.owner(), options);
    const close = await furnish(web, page);
    await enter(page, "general");
    await page.getByRole("button", { name: "Members" }).click();
    await say(page, "mine");
    await messageWith(page, "mine").and(page.locator("[data-seq]")).waitFor();
    await page.locator(".members .member").first().click();
    await gauge.read(page, "a channel");
    const places = [
      ".channel.unread",
      ".channel.current",
      ".message.calling",
      ".message .quoted",
      ".message a",
    ];
    await gauge.hover(page, [
      ...places,
      ".reaction",
      ".actions .icon-button",
      ".me",
      ".word-button",
      ".member",
    ]);
    await page.getByRole("button", { name: "Add or browse" }).click();
    await gauge.read(page, "the menu");
    await gauge.hover(page, [".menu button"]);
    await page.keyboard.press("Escape");
    await page.locator("#composer").pressSequentially("@");
    await page.getByRole("option").first().waitFor();
    await gauge.read(page, "completion");
    await page.locator("#composer").fill("");
    await page.getByRole("button", { name: "Insert an emoji" }).click();
    await page.locator(".emoji-groups section").first().waitFor();
    await gauge.read(page, "the emoji");
    await page.keyboard.press("Escape");
    await dialogs(page, gauge, ["New message", "Invite people", "Manage people", "Channel settings"]);
    await dialogs(page, gauge, ["Keyboard shortcuts", "olga Settings", "Go to … (Ctrl+K)"]);
    await close();
    assert.deepEqual(gauge.found, []);
  });

  webTest(`what goes wrong can be read (${colorScheme})`, async (web) => {
    const gauge = new Gauge();
    const page = await web.open(await web.rig.owner(), options);
    await say(page, "before");
    await messageWith(page, "before").and(page.locator("[data-seq]")).waitFor();
    await page.locator(".me").click();
    await page.locator("form.profile input").fill("x".repeat(200));
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".hint.bad").waitFor();
    await page.locator("form.profile input").fill("Olga");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator(".notice.info").waitFor();
    await gauge.read(page, "settings");
    await page.keyboard.press("Escape");
    await web.rig.stop();
    await say(page, "waiting");
    await page.locator(".connection").waitFor();
    await page.locator(".outgoing").waitFor();
    await page.locator(".me").click();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.locator(".notice.error").waitFor();
    await gauge.read(page, "without a connection");
    assert.deepEqual(gauge.found, []);
  });
}
