/** German words are longer: nothing may be cut, wherever they stand. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { chooseOfServer, enter, messageWith, webTest } from "./browser.ts";

/** What is cut off, or sticks out of its button, of a dialog or of the page. Names and topics end in dots. */
function cut(page: Page, where: string): Promise<string[]> {
  return page.evaluate((where) => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>("body *")) {
      const words = [...element.childNodes]
        .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
        .map(({ textContent }) => textContent!.trim()).join(" ").trim();
      if (words === "" || element.closest(".hidden, .skip, .text, .excerpt, .topic, bdi")) continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const clipped = getComputedStyle(element).overflowX !== "visible" &&
        element.scrollWidth > element.clientWidth + 1;
      const around = element.closest("button, dialog")?.getBoundingClientRect();
      const right = Math.min(innerWidth, around?.right ?? innerWidth);
      const left = Math.max(0, around?.left ?? 0);
      if (clipped || box.right > right + 1 || box.left < left - 1) found.push(`${where}: ${words}`);
    }
    return found;
  }, where);
}

const WIDTHS = [320, 390, 900, 1200];

for (const width of WIDTHS) {
  webTest(`nothing German is cut at ${width} pixels`, async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const client = await web.rig.live(gil);
    const [channelId] = client.replica.channels.keys();
    for (let i = 1; i <= 60; i++) await client.sendMessage(channelId!, `Nachricht ${i}`);
    await client.close();
    const page = await web.open(olga, { locale: "de-DE", viewport: { width, height: 700 } });
    const found: string[] = [];
    const look = async (where: string) => void found.push(...await cut(page, where));
    const button = (name: string) => page.getByRole("button", { name, exact: true }).first();
    await look("the list");
    await button("Anlegen oder entdecken").click();
    await page.getByRole("menu").waitFor();
    await look("the menu");
    await page.keyboard.press("Escape");
    for (const name of ["Neuer Kanal", "Kanäle entdecken", "Neue Nachricht"]) {
      await button("Anlegen oder entdecken").click();
      await page.getByRole("menuitem", { name, exact: true }).click();
      await page.getByRole("dialog").waitFor();
      await look(name);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    for (
      const name of [
        "Leute einladen",
        "Leute verwalten",
        "Servereinstellungen",
        "Tastenkürzel",
        "Einstellungen",
      ]
    ) {
      await chooseOfServer(page, name);
      await page.getByRole("dialog").waitFor();
      await look(name);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await enter(page, "general");
    await page.locator(".unread-line").waitFor();
    await look("what is new");
    await page.locator(".jump").click();
    await page.locator(".unread-pill").waitFor();
    await look("the end");
    await messageWith(page, "Nachricht 60").hover();
    await page.locator(".message .actions").waitFor();
    await look("a message");
    await button("Kanaleinstellungen").click();
    await page.getByRole("dialog").waitFor();
    await look("the channel's settings");
    await page.keyboard.press("Escape");
    await button("Mitglieder").click();
    await page.locator(".members .member", { hasText: "gil" }).click();
    await page.locator(".member-actions").waitFor();
    await look("the members");
    await page.locator(".members header .icon-button").last().click();
    await web.rig.stop();
    await page.locator(".connection").waitFor();
    await page.fill("#composer", "Was ich noch sagen wollte");
    await page.locator("#composer").press("Enter");
    await page.locator(".outgoing").waitFor();
    await look("without a connection");
    assert.deepEqual(found, []);
  });
}
