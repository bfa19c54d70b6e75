/** What one does to messages without a connection: shown in advance, done once, undone when it is refused. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { RookeryClient } from "../../src/client/mod.ts";
import { count, eventually, holds, RECONNECT, say, storedWith, texts, type Web, webTest } from "./browser.ts";

const WAITS = /waiting for a connection/;

/** Lets the server stop, and waits until the page says so. */
async function loseServer(web: Web, page: Page): Promise<number> {
  const { port } = web.rig.app;
  await web.rig.stop();
  await page.locator(".connection").waitFor();
  return port;
}

async function rewrite(page: Page, text: string, better: string): Promise<void> {
  await storedWith(page, text).hover();
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.locator(".composer.editing").waitFor();
  await page.fill("#composer", better);
  await page.press("#composer", "Enter");
}

async function react(page: Page, text: string, emoji: string): Promise<void> {
  await storedWith(page, text).hover();
  await page.locator(".actions").getByRole("button", { name: "Add a reaction" }).click();
  await page.locator(".emoji-picker").getByRole("button", { name: emoji }).first().click();
}

/** Kinds of the events that follow in a channel. */
function listen(client: RookeryClient, channelId: number): (string | undefined)[] {
  const kinds: (string | undefined)[] = [];
  client.on("event", ({ stream, body }) => stream === channelId && kinds.push(body.case));
  return kinds;
}

webTest(
  "edits, reactions and deletions without a connection are shown in advance and made once",
  async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const witness = await web.rig.live(gil);
    const [channelId] = witness.replica.channels.keys();
    const page = await web.open(olga);
    for (const text of ["one", "two", "three"]) {
      await say(page, text);
      await storedWith(page, text).waitFor();
    }
    await eventually(() => witness.replica.channels.get(channelId!)!.messages.length, 3);
    const kinds = listen(witness, channelId!);
    const port = await loseServer(web, page);

    await rewrite(page, "one", "one, better");
    await storedWith(page, "one, better").locator(".change-note", { hasText: WAITS }).waitFor();
    await react(page, "two", "👍");
    await page.locator(".reaction.pending[aria-pressed=true]", { hasText: "1" }).waitFor();
    await storedWith(page, "two").locator(".change-note", { hasText: WAITS }).waitFor();
    await storedWith(page, "three").hover();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.locator(".message.vanishing .change-note", { hasText: WAITS }).waitFor();
    await count(page.locator(".notice"), 0, "what is seen in its place needs no notice");

    await web.rig.resume(port);
    await page.locator(".tombstone").waitFor(RECONNECT);
    await storedWith(page, "one, better").locator(".edited").waitFor();
    await count(page.locator(".rewritten, .vanishing, .reaction.pending, .change-note"), 0);
    await page.locator(".reaction[aria-pressed=true]", { hasText: "1" }).waitFor();
    await say(page, "four");
    await eventually(() => kinds.at(-1), "messageSent", RECONNECT);
    assert.deepEqual(kinds, ["messageEdited", "reactionAdded", "messageDeleted", "messageSent"]);
    await witness.close();
  },
);

webTest("a change that waits can be given up", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  await say(page, "as it was");
  await storedWith(page, "as it was").waitFor();
  const port = await loseServer(web, page);
  await rewrite(page, "as it was", "as it will not be");
  await page.locator(".change-note").getByRole("button", { name: "Discard" }).click();
  await eventually(texts(page), ["as it was"]);
  await web.rig.resume(port);
  await page.locator(".connection").waitFor({ state: "detached", ...RECONNECT });
  await say(page, "the end");
  await storedWith(page, "the end").waitFor();
  await eventually(texts(page), ["as it was", "the end"]);
  await count(page.locator(".edited"), 0);
});

webTest("a change that is refused is undone, said, and its text is not lost", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(gil);
  await say(page, "mine");
  await storedWith(page, "mine").waitFor();
  const port = await loseServer(web, page);
  await rewrite(page, "mine", "mine, better");
  await react(page, "mine, better", "🎉");
  await page.locator(".reaction.pending").waitFor();
  await web.rig.resume();
  const owner = await web.rig.live(olga);
  const [channelId] = owner.replica.channels.keys();
  await owner.setChannelArchived(channelId!, true);
  await owner.close();
  await web.rig.stop();
  // Notices go by themselves: they are waited for from the beginning.
  const notices = [/^The message was not changed: /, /^Undone: /].map((text) =>
    page.locator(".notice.error", { hasText: text }).waitFor(RECONNECT)
  );
  await web.rig.resume(port);
  await Promise.all(notices);
  await eventually(texts(page), ["mine"]);
  await count(page.locator(".reaction"), 0);
  await page.locator(".left-text blockquote", { hasText: /^mine, better$/ }).waitFor();
});

webTest("a reaction is there at once, and goes at once", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  await say(page, "one");
  await storedWith(page, "one").waitFor();
  await react(page, "one", "👍");
  // Twice in one turn, before any answer: what is shown counts.
  await page.locator(".reaction[aria-pressed=true]").evaluate((button: HTMLElement) => button.click());
  await count(page.locator(".reaction[aria-pressed=true]"), 0);
  await page.locator(".reaction").first().waitFor({ state: "detached" });
  await holds(page.locator("#composer"), "");
});
