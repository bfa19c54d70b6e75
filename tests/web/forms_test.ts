import assert from "node:assert/strict";
import type { Key } from "../../src/web/i18n/catalogue.ts";
import { channelNameFault, loginNameFault, passwordFault } from "../../src/web/text/form_rules.ts";
import { choose, chooseOfServer, count, eventually, holds, messageWith, say, webTest } from "./browser.ts";

Deno.test("the fault of a name is named: the first there is", () => {
  const names: [name: string, login: Key | undefined, channel: Key | undefined][] = [
    ["", undefined, undefined],
    ["ada", undefined, undefined],
    ["a", "faultShort", "faultShort"],
    ["ada lovelace", "faultSpaces", "faultSpaces"],
    ["büro", "faultLetters", undefined],
    ["公告", "faultLetters", undefined],
    ["علی\u200cرضا", "faultLetters", undefined],
    ["pаypal", "faultLetters", "faultMixed"],
    ["a!", "faultLetters", "faultCharacter"],
    ["-ada", "faultStart", "faultStart"],
    ["a".repeat(33), "faultLong", "faultLong"],
    ["here", "faultReserved", undefined],
  ];
  for (const [name, login, channel] of names) {
    assert.equal(loginNameFault(name)?.key, login, name);
    assert.equal(channelNameFault(name)?.key, channel, name);
  }
  assert.equal(passwordFault("", [8, 72]), undefined);
  assert.equal(passwordFault("1234567", [8, 72])?.key, "faultShort");
  assert.equal(passwordFault("ä".repeat(37), [8, 72])?.key, "passwordTooLong");
});

webTest("a form names what is wrong beside the field, and shows a password on demand", async (web) => {
  await web.rig.owner();
  const page = await web.open();
  await page.getByRole("button", { name: "I need an account" }).click();
  const name = page.getByLabel("Name", { exact: true });
  const password = page.getByLabel("Password");
  const said = (field: typeof name) =>
    field.evaluate((input) => document.getElementById(input.getAttribute("aria-describedby")!)!.textContent);
  await name.fill("ada lovelace");
  await eventually(() => said(name), "No spaces, please");
  await name.fill("a");
  await eventually(async () => /Too short/.test((await said(name))!), false, {
    message: "not while it is typed",
  });
  await password.fill("short");
  await eventually(() => said(name), "Too short: at least 2 characters", { message: "once it is left" });
  await name.focus();
  await eventually(() => said(password), "Too short: at least 8 characters");
  assert.equal(await password.getAttribute("type"), "password");
  await page.getByRole("button", { name: "Show what you type" }).click();
  await eventually(() => password.getAttribute("type"), "text");
  await holds(password, "short");
  await name.fill("ada");
  await password.fill("correct horse battery");
  await count(page.locator(".hint.bad"), 0);
  await page.getByRole("button", { name: "Join" }).click();
  await page.locator("#composer").waitFor();
  await choose(page, "New channel");
  await page.getByLabel("Name", { exact: true }).fill("what?");
  await page.getByText("“?” is not allowed").waitFor();
});

webTest("a link that only this computer can open says so, and who comes by it is told", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await chooseOfServer(page, "Invite people");
  await page.getByText("start the server with --url").and(page.getByText("--host 0.0.0.0")).waitFor();
  await page.getByRole("button", { name: "Create a link" }).click();
  const link = await page.getByLabel("Invite link").inputValue();
  await page.getByText("Link copied").waitFor();
  await eventually(() => page.evaluate(() => navigator.clipboard.readText()), link);
  // Wherever the one who invited is logged in, and not where somebody else is.
  const elsewhere = await web.open(olga);
  const other = await web.open(await web.rig.person("ned"));
  // Somebody without a link is nobody's guest.
  await web.rig.person("eve");
  const guest = await web.open(undefined, { path: `/${new URL(link).hash}` });
  await guest.getByLabel("Name", { exact: true }).fill("gil");
  await guest.getByLabel("Password").fill("correct horse battery");
  await guest.getByRole("button", { name: "Join" }).click();
  await guest.locator("#composer").waitFor();
  for (const place of [page, elsewhere]) {
    await place.getByText("gil has joined with your invite link.").waitFor();
  }
  await say(guest, "Here I am");
  await messageWith(other, "Here I am").waitFor();
  await count(other.getByText("has joined"), 0);
  await count(page.getByText("eve has joined"), 0);
});
