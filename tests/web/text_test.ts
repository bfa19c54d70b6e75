/** What people wrote, in the page: shown, linked, copied, translated, and looked at before it is sent. @module */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { count, enter, eventually, holds, messageWith, say, storedWith, texts, webTest } from "./browser.ts";
import { translate } from "./translator.ts";

/** What a copy command would put into the clipboard with this selected; empty when that is left to the browser. */
function copied(page: Page, from: string, to: string): Promise<string> {
  return page.evaluate(([from, to]) => {
    const find = (words: string): Text => {
      const walker = document.createTreeWalker(document.querySelector(".messages")!, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode as Text;
        if (node.parentElement!.closest(".text") && node.data.includes(words)) return node;
      }
      throw new Error(`Not there: ${words}`);
    };
    const [start, end] = [find(from!), find(to!)];
    document.getSelection()!.setBaseAndExtent(
      start,
      start.data.indexOf(from!),
      end,
      end.data.indexOf(to!) + to!.length,
    );
    const clipboardData = new DataTransfer();
    const event = new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true });
    start.parentElement!.dispatchEvent(event);
    return clipboardData.getData("text/plain");
  }, [from, to]);
}

/** Pastes as the keyboard does. */
async function paste(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector).evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    (field as HTMLElement).focus();
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

webTest("numbers, faces and backslashes are shown as they were written", async (web) => {
  const page = await web.open(await web.rig.owner());
  const cases: [text: string, shown: string][] = [
    ["2. two\n5. five\n7) seven", "2. two\n5. five\n7) seven"],
    ["¯\\_(ツ)_/¯ \\\\host\\share\\_dir", "¯\\_(ツ)_/¯ \\\\host\\share\\_dir"],
    [">:( >_<", ">:( >_<"],
    ["**重要**です ***both***", "重要です both"],
    ["```hello world", "```hello world"],
  ];
  for (const [text, shown] of cases) {
    await page.fill("#composer", text);
    await page.press("#composer", "Enter");
    await eventually(async () => (await texts(page)()).at(-1)?.trim(), shown);
  }
});

webTest("a link to a message of this server opens in place, others in a new tab", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  const [general] = client.replica.channels.keys();
  const channel = await client.createChannel("target");
  const { seq } = await client.sendMessage(channel.id, "the one that is meant");
  const link = `${web.rig.url}/#channel=${channel.id}&message=${seq}`;
  await client.sendMessage(general!, `see ${link}，and [elsewhere](https://example.org/a_(b))`);
  await client.close();
  const page = await web.open(olga);
  await enter(page, "general");
  const elsewhere = page.locator(".text a", { hasText: "elsewhere" });
  assert.equal(await elsewhere.getAttribute("target"), "_blank");
  assert.equal(await elsewhere.getAttribute("href"), "https://example.org/a_(b)");
  assert.match(
    await messageWith(page, "elsewhere").locator(".text").innerText(),
    /elsewhere\s*\(example\.org\)/,
  );
  const inside = page.locator(".text a", { hasText: "#channel" });
  assert.equal(await inside.getAttribute("href"), link);
  await inside.click();
  await page.locator(".room-head h2", { hasText: "target" }).waitFor();
  await page.locator(`.message.marked[data-seq="${seq}"]`).waitFor();
  assert.equal(page.context().pages().length, 1);
  await page.goBack();
  await page.locator(".room-head h2", { hasText: "general" }).waitFor();
});

webTest("several messages are copied with authors and times once, and as they were written", async (web) => {
  const olga = await web.rig.owner();
  const gil = await web.rig.person("gil");
  const [first, second] = [await web.rig.live(olga), await web.rig.live(gil)];
  const [channelId] = first.replica.channels.keys();
  await first.sendMessage(channelId!, "one **bold** word");
  const { seq } = await first.sendMessage(channelId!, "2. two\n5. five");
  await first.editMessage({ channelId: channelId!, seq }, "2. two\n5. fifty");
  await second.sendMessage(channelId!, "the answer\n- that is not\n- taken whole");
  for (const client of [first, second]) await client.close();
  const page = await web.open(olga);
  await storedWith(page, "taken whole").waitFor();
  const withoutTimes = (text: string) => text.replaceAll(/, \d+ \w+ \d{4}.*$/gm, ", TIME");
  const name = await page.locator(".message .name").first().innerText();
  assert.equal(
    withoutTimes(await copied(page, "one ", "not")),
    `${name}, TIME\none **bold** word\n2. two\n5. fifty\n\ngil, TIME\nthe answer\n- that is not`,
  );
  assert.equal(await copied(page, "one ", "word"), "", "one message is the browser's");
  await page.evaluate(() => document.getSelection()!.removeAllRanges());
});

webTest("under a translator edits, badges and counts stay right", async (web) => {
  const olga = await web.rig.owner();
  const gil = await web.rig.person("gil");
  const client = await web.rig.live(gil);
  const [channelId] = client.replica.channels.keys();
  const channel = await client.createChannel("other");
  await client.addMember(channel.id, olga.user.id);
  const sent = await client.sendMessage(channelId!, "first **words** for @channel\n- item");
  const page = await web.open(olga);
  await enter(page, "general");
  await storedWith(page, "words").waitFor();
  await translate(page);
  const text = page.locator(`[data-seq="${sent.seq}"] .text`);
  await eventually(() => text.locator("p").first().innerText(), "FIRST WORDS FOR @CHANNEL");
  for (const version of ["second *version*", "third\n\n2. version", "`fourth`", "fifth"]) {
    await client.editMessage({ channelId: channelId!, seq: sent.seq }, version);
    const plain = version.replaceAll(/[*`]/g, "");
    const shown = version.startsWith("`") ? plain : plain.toUpperCase();
    await eventually(
      async () => (await text.innerText()).replace("(edited)", "").replaceAll(/\s+/g, " ").trim(),
      shown.replaceAll(/\s+/g, " "),
    );
  }
  const badge = page.locator(".channel", { hasText: "other" }).locator(".badge");
  for (const number of ["1", "2", "3"]) {
    await client.sendMessage(channel.id, `@${olga.user.name} news ${number}`);
    await eventually(() => badge.innerText(), number);
  }
  const reaction = page.locator(`[data-seq="${sent.seq}"] .reaction`).first();
  await client.addReaction({ channelId: channelId!, seq: sent.seq }, "👍");
  await reaction.click();
  await eventually(async () => (await reaction.innerText()).replaceAll(/\s/g, ""), "👍2");
  await client.deleteMessage({ channelId: channelId!, seq: sent.seq });
  await page.locator(`[data-seq="${sent.seq}"] .tombstone`).waitFor();
  await count(page.locator(`[data-seq="${sent.seq}"] .text`), 0);
  await say(page, "mine");
  await storedWith(page, "MINE").waitFor();
  await client.close();
});

webTest("whom a mention will not reach is said before it is sent", async (web) => {
  const olga = await web.rig.owner();
  const [gil, eva] = [await web.rig.person("gil"), await web.rig.person("eva")];
  const client = await web.rig.live(gil);
  const channel = await client.createChannel("team");
  await client.addMember(channel.id, olga.user.id);
  const page = await web.open(eva);
  const note = page.locator(".mention-notes");
  // Eva is a plain member of the first channel.
  await enter(page, "general");
  await page.fill("#composer", "hello @channel");
  await note.getByText("@channel will tell nobody").waitFor();
  await page.fill("#composer", "hello `@channel` and @gil");
  await note.waitFor({ state: "detached" });
  await client.addMember(channel.id, eva.user.id);
  await client.removeMember(channel.id, olga.user.id);
  await enter(page, "team");
  await page.fill("#composer", `交给@${olga.user.name}处理`);
  await note.getByText("is not in here and will not be told").waitFor();
  await note.getByRole("button", { name: "Add" }).click();
  await note.waitFor({ state: "detached" });
  await eventually(() => client.replica.channels.get(channel.id)!.members.has(olga.user.id), true);
  await client.close();
});

webTest("pasted control characters are left out, and it is said", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  const composer = page.locator("#composer");
  await composer.fill("say ");
  await paste(page, "#composer", "\u001b[31mred\u001b[0m\u0000 and\u0007 so\u000bon");
  await holds(composer, "say red and so\non");
  await page.getByText("Control characters were left out").waitFor();
  await composer.press("Control+z");
  await holds(composer, "say ");
  // What an older page has left behind.
  await composer.evaluate((box: HTMLTextAreaElement) => {
    box.value = "left\u0001 over";
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  await holds(composer, "left over");
  await composer.press("Enter");
  await storedWith(page, "left over").waitFor();
});
