/** The server's name: asked of the first owner, changed by owners, and followed by every page. */
import assert from "node:assert/strict";
import { chooseOfServer, count, eventually, holds, webTest } from "./browser.ts";

const CLAIM = (link: string) => ({ path: `/${new URL(link).hash}` });

webTest("A14 the first owner names the server, and every page follows the name", async (web) => {
  const page = await web.open(undefined, CLAIM(web.rig.app.ownerLink!));
  const field = page.getByLabel("Server name");
  await holds(field, "Rookery");
  await field.fill("a\u202eb");
  await page.getByText("Only visible characters, please").waitFor();
  await field.fill("x".repeat(129));
  await page.getByText("Too long").waitFor();
  await field.fill(" Saltmarsh 🐦 ");
  await page.getByLabel("Name", { exact: true }).fill("olga");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Become the owner" }).click();
  await page.locator("#composer").waitFor();
  await eventually(() => page.title(), "#general · Saltmarsh 🐦");
  const door = await web.open();
  await door.getByRole("heading", { name: "Saltmarsh 🐦" }).waitFor();

  const gil = await web.rig.person("gil");
  const other = await web.open(gil, { locale: "de-DE" });
  await other.locator(".sidebar h1 button").click();
  await other.getByRole("menuitem", { name: "Einstellungen" }).waitFor();
  await count(other.getByRole("menuitem", { name: "Servereinstellungen" }), 0);
  await other.keyboard.press("Escape");
  await chooseOfServer(page, "Server settings");
  const dialog = page.getByRole("dialog");
  await holds(dialog.getByLabel("Server name"), "Saltmarsh 🐦");
  assert(await dialog.getByRole("button", { name: "Save" }).isDisabled());
  await dialog.getByLabel("Server name").fill("Reed bed");
  await dialog.getByLabel("Server name").press("Enter");
  await page.getByText("Saved").waitFor();
  for (const shown of [page, other]) {
    await eventually(() => shown.title(), "#general · Reed bed");
    await eventually(() => shown.locator(".sidebar h1").innerText(), "Reed bed");
  }
});

webTest(
  "A14 a name in the configuration is not asked for, and the dialog says where it stands",
  async (web) => {
    const page = await web.open(undefined, { ...CLAIM(web.rig.app.ownerLink!), locale: "de-DE" });
    await page.getByLabel("Name", { exact: true }).fill("olga");
    await count(page.getByLabel("Name des Servers"), 0);
    await page.getByLabel("Passwort").fill("correct horse battery");
    await page.getByRole("button", { name: "Leitung übernehmen" }).click();
    await page.locator("#composer").waitFor();
    await page.locator(".sidebar h1 button").click();
    await page.getByRole("menuitem", { name: "Servereinstellungen" }).click();
    await page.getByText("steht in seiner Konfiguration").waitFor();
    await count(page.getByLabel("Name des Servers"), 0);
  },
  { settings: { name: "Saltmarsh" } },
);
