import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { ServerRole } from "../../src/client/mod.ts";
import { choose, chooseOfServer, count, eventually, webTest } from "./browser.ts";

/** Opens the list of all accounts. */
async function manage(page: Page): Promise<void> {
  await chooseOfServer(page, "Manage people");
  await page.getByRole("dialog", { name: "Manage people" }).waitFor();
}

function person(page: Page, name: string) {
  return page.locator(".entries li").filter({ hasText: name });
}

async function act(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function logIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

webTest("owners give roles, disable and enable accounts, and see who is here", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  await web.rig.person("mia");
  const page = await web.open(olga);
  await manage(page);
  await person(page, "gil").getByText(/Member · last here/).waitFor();
  const client = await web.rig.live(gil);
  await person(page, "gil").getByText("Here now").waitFor();
  await count(person(page, "olga").getByRole("button"), 0, "nothing to do with oneself");
  await act(page, "gil", "Make an admin");
  await person(page, "gil").getByText("Admin").waitFor();
  await eventually(() => client.replica.me?.role, ServerRole.ADMIN);

  const guest = await web.open(gil);
  await manage(guest);
  await person(guest, "mia").waitFor();
  await guest.getByRole("button", { name: "Actions for mia" }).click();
  const offered = () => guest.getByRole("menuitem").allInnerTexts();
  await eventually(offered, ["Set a new password", "Disable the account"]);
  await guest.keyboard.press("Escape");
  await guest.getByRole("menu").waitFor({ state: "detached" });
  assert.ok(await guest.getByRole("dialog").isVisible(), "Escape closes the menu alone");
  await person(guest, "olga").waitFor();
  await count(person(guest, "olga").getByRole("button"), 0, "no admin does anything to an owner");
  await client.close();

  await act(page, "gil", "Disable the account");
  await page.getByRole("dialog", { name: "Disable the account" }).getByRole("button", { name: "Disable" })
    .click();
  await person(page, "gil").getByText("disabled").waitFor();
  await guest.getByText("Your session has ended").waitFor();
  await logIn(guest, "gil", gil.password);
  await guest.getByRole("alert").waitFor();
  await act(page, "gil", "Enable the account");
  await person(page, "gil").getByText("disabled").waitFor({ state: "detached" });
  await guest.getByRole("button", { name: "Log in" }).click();
  await guest.locator("#composer").waitFor();
});

webTest("an admin makes an account and sets a forgotten password, and tells both", async (web) => {
  const page = await web.open(await web.rig.owner());
  await manage(page);
  await page.getByRole("button", { name: "Add an account" }).click();
  await page.getByLabel("Name", { exact: true }).fill("gil");
  await page.getByLabel("Role").selectOption("Admin");
  await page.getByRole("button", { name: "Add an account" }).click();
  const told = page.locator(".given");
  const first = /Password: (\S+)/.exec(await told.innerText())![1]!;
  assert.match(first, /^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
  await page.getByRole("button", { name: "Done" }).click();
  await person(page, "gil").getByText("Admin · not logged in").waitFor();
  const guest = await web.open();
  await logIn(guest, "gil", first);
  await guest.locator("#composer").waitFor();

  await act(page, "gil", "Set a new password");
  await page.getByRole("button", { name: "Set a new password" }).click();
  const second = /Password: (\S+)/.exec(await told.innerText())![1]!;
  assert.notEqual(second, first);
  await guest.getByText("Your session has ended").waitFor();
  await logIn(guest, "gil", second);
  await guest.locator("#composer").waitFor();
});

webTest("invites to roles are made, listed and revoked", async (web) => {
  const page = await web.open(await web.rig.owner());
  await manage(page);
  await page.getByRole("dialog").getByRole("button", { name: "Invite people" }).click();
  const [uses, days, role] = await page.locator("dialog select").all();
  await uses!.selectOption("5 people");
  await days!.selectOption("30 days");
  await role!.selectOption("Admin");
  await page.getByRole("button", { name: "Create a link" }).click();
  const link = await page.getByLabel("Invite link").inputValue();
  const entry = page.locator(".entries li", { hasText: "Good for 5 more people" });
  await entry.getByText(/^Admin · Until /).waitFor();
  const guest = await web.open(undefined, { path: `/${new URL(link).hash}` });
  await guest.getByText("makes you an admin").waitFor();
  await entry.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No open links").waitFor();
  await count(page.getByLabel("Invite link"), 0);
  await guest.reload();
  await guest.getByRole("alert").filter({ hasText: "revoked" }).waitFor();
});

webTest("the menu at the list of channels is walked by keys", async (web) => {
  const page = await web.open(await web.rig.owner());
  const button = page.getByRole("button", { name: "Add or browse" });
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).innerText.trim());
  const hasFocus = () => button.evaluate((element) => element === document.activeElement);
  await button.focus();
  await page.keyboard.press("ArrowDown");
  await eventually(focused, "New channel");
  for (
    const [key, text] of [["ArrowUp", "New message"], ["ArrowDown", "New channel"], [
      "End",
      "New message",
    ], [
      "b",
      "Browse channels",
    ]]
  ) {
    await page.keyboard.press(key!);
    await eventually(focused, text);
  }
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await eventually(hasFocus, true);
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.locator("#composer").click();
  await page.getByRole("menu").waitFor({ state: "detached" });
  await choose(page, "New channel");
  await page.getByLabel("Name", { exact: true }).fill("birds");
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator(".room-head h2", { hasText: "birds" }).waitFor();
  await choose(page, "New message");
  await page.getByRole("dialog", { name: "New message" }).waitFor();
  await page.keyboard.press("Escape");
  await eventually(hasFocus, true);
});

webTest("on a narrow page people are managed within the screen", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(await web.rig.person("gil"));
  await client.updateProfile("Annegret Schmidt-Hohenstein von und zu Langenfeld");
  await client.close();
  const page = await web.open(olga, { locale: "de-DE", viewport: { width: 320, height: 600 } });
  await chooseOfServer(page, "Leute verwalten");
  await person(page, "@gil").getByRole("button").click();
  await page.getByRole("menu").waitFor();
  const sticksOut = () =>
    page.evaluate(() =>
      [...document.querySelectorAll(".dialog-body, .dialog-body *")].filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < 0 || right > innerWidth);
      }).map((element) => element.className)
    );
  await eventually(sticksOut, []);
});
