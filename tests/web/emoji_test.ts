import assert from "node:assert/strict";
import { endsInCode } from "../../src/text/code_at.ts";
import { type Emoji, searchEmoji } from "../../src/web/text/emoji_search.ts";
import { emojiBefore, shortNameBefore } from "../../src/web/text/emoji_word.ts";
import { eventually, holds, storedWith, webTest } from "./browser.ts";

function emoji(emoji: string, name: string, keywords = "", ...shortNames: string[]): Emoji {
  const words = `${name} ${keywords} ${shortNames.join(" ").replaceAll("_", " ")}`.toLowerCase();
  return { emoji, name, shortNames, words };
}

function found(all: readonly Emoji[], letters: string, { liked = [""], beginnings = false } = {}): string[] {
  return searchEmoji(all, letters, { liked: new Set(liked), beginnings }).map(({ emoji }) => emoji);
}

Deno.test("emoji are found by the whole word first, then by its beginning, then by a part of it", () => {
  const all = [
    emoji("😉", "winking face", "flirt heartbreaker"),
    emoji("😍", "smiling face with heart-eyes"),
    emoji("💘", "heart with arrow"),
    emoji("🩷", "Heart"),
    emoji("❤️", "red heart"),
    emoji("🐶", "dog", "sweetheart"),
  ];
  assert.deepEqual(found(all, "heart"), ["🩷", "💘", "😍", "❤️", "😉", "🐶"]);
  const liked = ["❤️", "🐶"];
  assert.deepEqual(
    found(all, "heart", { liked }),
    ["❤️", "🩷", "💘", "😍", "😉", "🐶"],
    "what is liked is meant",
  );
  assert.deepEqual(found(all, "heart", { beginnings: true }), ["🩷", "💘", "😍", "❤️", "😉"]);
});

Deno.test("of short names that begin with the letters the shortest is meant", () => {
  const all = [
    emoji("😍", "smiling face with heart-eyes", "", "heart_eyes"),
    emoji("🙉", "hear-no-evil monkey", "", "hear_no_evil"),
    emoji("❤️", "red heart", "", "heart"),
  ];
  assert.deepEqual(found(all, "hea", { beginnings: true }), ["❤️", "😍", "🙉"]);
});

Deno.test("a short name is a name, with spaces, too", () => {
  const all = [
    emoji("😀", "grinning face", "smile", "grinning"),
    emoji("😄", "grinning face with smiling eyes", "laugh", "smile"),
    emoji("👍", "thumbs up", "like", "+1", "thumbsup"),
    emoji("😛", "face with tongue", "", "stuck_out_tongue"),
  ];
  assert.deepEqual(found(all, "smile"), ["😄", "😀"]);
  assert.deepEqual(found(all, "smile", { liked: ["😀"] }), ["😄", "😀"], "before what is liked");
  assert.deepEqual(found(all, "+1", { beginnings: true }), ["👍"]);
  assert.deepEqual(found(all, "thumbsu", { beginnings: true }), ["👍"]);
  assert.deepEqual(found(all, "stuck out t", { beginnings: true }), ["😛"]);
});

Deno.test("a colon and two letters begin an emoji, times and addresses and code do not", () => {
  const begun: [text: string, letters: string | undefined][] = [
    [":sm", "sm"],
    ["well :SMile", "smile"],
    ["(:red_he", "red_he"],
    ["one\n:+1", "+1"],
    ["🎉:tada", "tada"],
    [":lä", "lä"],
    [":s", undefined],
    [": smile", undefined],
    [":smile:", undefined],
    [":-)", undefined],
    ["at 10:30", undefined],
    ["in :30", undefined],
    ["http://ex", undefined],
    ["note:this", undefined],
    ["Nutzer:innen", undefined],
    ["std::vector", undefined],
    ["/users/:id", undefined],
    ["`a ? b :co", undefined],
    ["`a` :sm", "sm"],
    ["```\nkey\n:sm", undefined],
  ];
  for (const [text, letters] of begun) assert.equal(emojiBefore(text, text.length), letters, text);
  assert.equal(emojiBefore("a :sm b", 5), "sm", "where the caret is");
  assert.equal(emojiBefore("a :sm b", 7), undefined);
  assert.equal(shortNameBefore("ok :+1:", 7), "+1");
  assert.equal(shortNameBefore(":Smile:", 7), "smile");
  assert.equal(shortNameBefore("10:30:", 6), undefined);
  assert.equal(shortNameBefore("`:smile:", 8), undefined);
});

Deno.test("text ends in code while a block or a backtick is open", () => {
  const inCode = ["```", "```ts\nlet x", "text\n```\n\ncode", "`open", "`` a ` b", "a `b` `c", "`\\` `x"];
  const outside = [
    "",
    "`a`",
    "``a ` b``",
    "\\`a",
    "```\ncode\n```\n",
    "```one line```\n",
    "`open\nnext line",
  ];
  for (const text of inCode) assert.ok(endsInCode(text), text);
  for (const text of outside) assert.ok(!endsInCode(text), text);
});

for (const language of ["de", "en"]) {
  Deno.test(`every emoji has short names of its own that can be written (${language})`, async () => {
    const path = new URL(`../../src/web/emoji/${language}.json`, import.meta.url);
    const groups: [string, string, string, string][][] = JSON.parse(await Deno.readTextFile(path));
    const names = groups.flat().flatMap(([, , , shortNames]) => shortNames.split(" "));
    for (const name of names) assert.equal(shortNameBefore(`:${name}:`, name.length + 2), name);
    assert.deepEqual(names, [...new Set(names)]);
    const named = (name: string) => groups.flat().find((entry) => entry[3].split(" ").includes(name))?.[0];
    assert.deepEqual(["smile", "heart", "+1", "tada"].map(named), ["😄", "❤️", "👍", "🎉"]);
  });
}

webTest("an emoji is written by its name after a colon", async (web) => {
  const page = await web.open(await web.rig.owner());
  const composer = page.locator("#composer");
  const options = page.getByRole("option");
  // A list that cannot be loaded: nothing opens, and keys do what they always do.
  await page.route("**/emoji-*.json", (route) => route.abort());
  const asked = page.waitForRequest("**/emoji-*.json");
  await composer.pressSequentially("so :smile");
  await asked;
  await composer.press("Enter");
  await storedWith(page, "so :smile").waitFor();
  await page.unroute("**/emoji-*.json");

  await composer.pressSequentially("so :smile");
  await options.first().getByText(":smile:").waitFor();
  assert.equal(
    await composer.getAttribute("aria-activedescendant"),
    await options.first().getAttribute("id"),
  );
  await composer.press("Escape");
  await options.first().waitFor({ state: "detached" });
  await composer.pressSequentially(": ");
  await holds(composer, "so :smile: ", "who has closed the list means what is written");
  await composer.pressSequentially(":red_hea");
  await options.first().waitFor();
  await composer.press("Enter");
  await holds(composer, "so :smile: ❤️");
  await composer.pressSequentially(" 10:30 http://tada :tada:");
  await holds(composer, "so :smile: ❤️ 10:30 http://tada 🎉");
  await composer.press("Control+z");
  const has = (emoji: string) => composer.inputValue().then((text) => text.includes(emoji));
  await eventually(() => has("🎉"), false, { message: "undone, it stays undone" });
  await composer.fill("");
  await composer.pressSequentially(":th");
  await options.nth(1).waitFor();
  await composer.press("ArrowDown");
  const second = await options.nth(1).locator(".emoji").innerText();
  await page.locator('[aria-selected="true"]', { hasText: second }).waitFor();
  await composer.press("Tab");
  await holds(composer, second);
  await composer.press("Enter");
  await storedWith(page, second).waitFor();
});
