import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { findings } from "./axe.ts";
import { enter, openDialog, say, storedWith, webTest } from "./browser.ts";

/** Serious findings of axe-core, with where they are. */
async function seriousIn(page: Page, what: string): Promise<string[]> {
  return (await findings(page)).map((finding) => `${what}: ${finding}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  webTest(`axe-core finds nothing serious (${colorScheme})`, async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    // The policy of the page lets no script in; the checker comes by the debugger's door.
    const options = { colorScheme, bypassCSP: true, reducedMotion: "reduce" as const };
    const door = await web.open(undefined, options);
    const found = await seriousIn(door, "the door");

    const page = await web.open(olga, options);
    const client = await web.rig.live(gil);
    const [channelId] = client.replica.channels.keys();
    const text = "@olga **hello** `code` https://example.org\n> quoted\n- item";
    const { seq } = await client.sendMessage(channelId!, text);
    await client.addReaction({ channelId: channelId!, seq }, "👍");
    const owner = await web.rig.live(olga);
    await owner.pinMessage({ channelId: channelId!, seq });
    await owner.close();
    await client.sendMessage(channelId!, "Answer", { replyTo: seq });
    await say(page, "mine");
    await page.getByRole("button", { name: "Members" }).click();
    await page.locator(".members .member", { hasText: "gil" }).waitFor();
    await storedWith(page, "mine").hover();
    await page.locator(".message .actions").waitFor();
    found.push(...await seriousIn(page, "a channel"));
    await page.locator("#composer").pressSequentially("@g");
    await page.getByRole("option").first().waitFor();
    found.push(...await seriousIn(page, "completion"));
    await page.getByRole("button", { name: "Insert an emoji" }).click();
    await page.locator(".emoji-groups section").first().waitFor();
    found.push(...await seriousIn(page, "the emoji"));
    await page.keyboard.press("Escape");
    const dialogs = [
      "New message",
      "Invite people",
      "Manage people",
      "Channel settings",
      "Pinned messages",
      "Server settings",
      "Keyboard shortcuts",
    ];
    for (const name of [...dialogs, "olga Settings", "Go to … (Ctrl+K)"]) {
      await openDialog(page, name);
      found.push(...await seriousIn(page, name));
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page.getByRole("button", { name: "Add or browse" }).click();
    found.push(...await seriousIn(page, "the menu"));
    await page.getByRole("menuitem", { name: "Browse channels" }).click();
    found.push(...await seriousIn(page, "Browse channels"));
    await client.close();
    assert.deepEqual(found, []);
  });
}

webTest("the page speaks German to those who do", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga, { locale: "de-AT" });
  await enter(page, "general");
  await page.locator("html[lang=de]").waitFor();
  await page.getByPlaceholder("An #general schreiben").waitFor();
  await page.locator(".me").click();
  const form = page.locator("form.profile");
  await form.locator("input").fill("x".repeat(200));
  await form.getByRole("button", { name: "Speichern" }).click();
  await form.getByText("Der Anzeigename ist zu lang").waitFor();
  await page.getByLabel("Sprache").selectOption("en");
  await page.getByRole("heading", { name: "Logged-in devices" }).waitFor();
  await page.reload();
  await page.getByPlaceholder("Write to #general").waitFor();
});

webTest("new messages are announced, and motion can be spared", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const [page, client] = [await web.open(olga), await web.rig.live(gil)];
  const [channelId] = client.replica.channels.keys();
  // Only what comes into the open channel is announced.
  await enter(page, "general");
  await client.sendMessage(channelId!, "Do you hear me?");
  await client.close();
  await page.getByRole("log").filter({ hasText: "gil: Do you hear me?" }).waitFor();
});
