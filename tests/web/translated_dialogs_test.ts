/** Windows of the page whose texts a browser's translator has put into elements of its own. */
import { choose, count, enter, eventually, openDialog, say, storedWith, webTest } from "./browser.ts";
import { translate } from "./translator.ts";

webTest("under a translator a channel is made, described, closed, opened and found", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  await enter(page, "general");
  await translate(page);
  await choose(page, "New channel");
  await page.getByLabel("Name").fill("birds of");
  await page.getByLabel("Name").fill("birds");
  await page.getByRole("button", { name: "Create" }).last().click();
  await page.locator(".room-head h2", { hasText: "birds" }).waitFor();
  await page.getByRole("button", { name: "Channel settings" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Topic").fill("Herons only");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.locator(".topic", { hasText: "HERONS ONLY" }).waitFor();
  for (
    const [act, then] of [["Archive", "UNARCHIVE"], ["Unarchive", "ARCHIVE"], [
      "Archive",
      "UNARCHIVE",
    ]] as const
  ) {
    await dialog.getByRole("button", { name: new RegExp(`^${act}$`, "i") }).click();
    await dialog.getByRole("button", { name: new RegExp(`^${then}$`, "i") }).waitFor();
  }
});

webTest("under a translator the settings follow another language, and a message its edit", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  await enter(page, "general");
  await say(page, "first");
  await storedWith(page, "first").waitFor();
  await translate(page);
  await openDialog(page, "Settings");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Language").selectOption("de");
  await eventually(async () => (await dialog.locator("h2").first().innerText()).trim(), "EINSTELLUNGEN");
  await dialog.getByLabel("Sprache").selectOption("en");
  await eventually(async () => (await dialog.locator("h2").first().innerText()).trim(), "SETTINGS");
  await page.keyboard.press("Escape");
  await count(page.getByRole("dialog"), 0);
  await page.press("#composer", "ArrowUp");
  await page.fill("#composer", "second");
  await page.press("#composer", "Enter");
  await storedWith(page, "SECOND").waitFor();
  await count(storedWith(page, "FIRST"), 0);
});
