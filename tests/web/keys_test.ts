import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { count, enter, eventually, holds, storedWith, texts, webTest } from "./browser.ts";

const WEB = new URL("../../src/web/", import.meta.url);

/** A key as the browser tells it: playwright presses those of the US alone. */
async function press(
  page: Page,
  selector: string,
  init: Readonly<Record<string, string | number | boolean>>,
) {
  await page.locator(selector).first().evaluate((element, init) => {
    element.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
  }, init);
}

function* sources(folder = WEB): Generator<[path: string, text: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory && name !== "dist") yield* sources(url);
    else if (/\.tsx?$/.test(name)) yield [url.pathname, Deno.readTextFileSync(url)];
  }
}

Deno.test("every handler of keys leaves those alone that belong to a word being composed", () => {
  let handlers = 0;
  for (const [path, text] of sources()) {
    for (
      const [line] of text.matchAll(/.*(?:onKey(?:Down|Up|Press)=|(?<!const )onKeyDown = |"keydown").*/g)
    ) {
      handlers++;
      assert.match(line, /onKey\w*=\{onKeys\(|"keydown", (?:onKeys\(|onKeyDown, )/, `${path}: ${line}`);
    }
  }
  assert.ok(handlers > 5, `${handlers} handlers`);
});

webTest("keys of a composed word choose nothing; shortcuts hold on layouts of every script", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  await client.createChannel("birds");
  await client.close();
  const page = await web.open(olga);
  await enter(page, "general");
  const switcher = page.getByRole("dialog", { name: "Go to" });
  await press(page, "#composer", { key: "л", code: "KeyK", ctrlKey: true });
  await switcher.waitFor();
  await page.keyboard.type("birds");
  await page.getByRole("option", { name: "birds" }).waitFor();
  await press(page, "dialog input", { key: "Enter", isComposing: true });
  await press(page, "dialog input", { key: "Enter", keyCode: 229 });
  await count(switcher, 1, "the word is still being composed");
  await page.keyboard.press("Enter");
  await page.locator(".room-head h2", { hasText: "birds" }).waitFor();
  // Where the letter is another one, its place means nothing: Dvorak has a t there.
  await press(page, "#composer", { key: "t", code: "KeyK", ctrlKey: true });
  await count(switcher, 0);
});

webTest("a window keeps the keys, and what is found late can be chosen", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  await client.createChannel("birds");
  const page = await web.open(olga);
  await enter(page, "general");
  await page.keyboard.press("Control+/");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Escape");
  await count(page.getByRole("dialog"), 0);
  assert.equal(await page.locator(".room-head h2").innerText(), "general");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("mia");
  await page.getByText("Nothing found.").waitFor();
  await page.keyboard.press("ArrowDown");
  await web.rig.person("mia");
  await page.getByRole("option", { name: "mia", selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".room-head h2", { hasText: "mia" }).waitFor();
  // The owner has no display name yet, and is shown where to set one.
  await enter(page, "general");
  const setName = page.getByRole("button", { name: "Set your display name" });
  await setName.waitFor();
  await client.updateProfile("Olga");
  await count(setName, 0);
  await client.close();
});

webTest("what was completed is undone step by step, and the rest of the text stays", async (web) => {
  const olga = await web.rig.owner();
  await web.rig.person("gil");
  const page = await web.open(olga);
  const composer = page.locator("#composer");
  const undo = () => composer.press("Control+z");
  await composer.pressSequentially("well  done");
  for (let i = 0; i < 5; i++) await composer.press("ArrowLeft");
  await composer.pressSequentially("@g");
  await page.getByRole("option", { name: "gil" }).waitFor();
  await composer.press("Enter");
  await holds(composer, "well @gil done");
  await composer.pressSequentially("has ");
  await holds(composer, "well @gil has done", "the caret stands behind the space");
  for (let i = 0; i < 8 && (await composer.inputValue()) !== "well @g done"; i++) await undo();
  await holds(composer, "well @g done", "undone");
  for (let i = 0; i < 20 && (await composer.inputValue()) !== ""; i++) await undo();
  await holds(composer, "", "down to nothing");
});

webTest("on a touch screen Enter begins a line and Ctrl+Enter sends", async (web) => {
  const page = await web.open(await web.rig.owner(), {
    viewport: { width: 900, height: 700 },
    hasTouch: true,
    isMobile: true,
  });
  await enter(page, "general");
  const composer = page.locator("#composer");
  for (const key of ["Control+Enter", "Meta+Enter"]) {
    await composer.click();
    await composer.pressSequentially("one");
    await composer.press("Enter");
    await composer.pressSequentially(key);
    await composer.press(key);
    await storedWith(page, key).waitFor();
  }
  await eventually(texts(page), ["one\nControl+Enter", "one\nMeta+Enter"]);
});
