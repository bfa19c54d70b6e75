/** A server that was updated while pages are open. */
import assert from "node:assert/strict";
import { eventually, holds, messageWith, RECONNECT, say, webTest } from "./browser.ts";

webTest("a page is told that the server has a newer one, and loads it with what was typed", async (web) => {
  const page = await web.open(await web.rig.owner());
  const told = page.locator(".connection", { hasText: "newer version" });
  const { port } = web.rig.app;

  await web.rig.stop();
  await page.locator(".connection", { hasText: "No connection" }).waitFor();
  await web.rig.resume(port);
  await page.waitForResponse((response) => response.url() === `${web.rig.url}/`, RECONNECT);
  await say(page, "nothing has changed");
  await messageWith(page, "nothing has changed").waitFor();
  assert.equal(await told.count(), 0);

  // The bundle of the next version has another name, because it has other contents.
  let updated = true;
  await page.route(`${web.rig.url}/`, async (route) => {
    if (!updated) return await route.continue();
    const response = await route.fetch();
    const body = (await response.text()).replace(/app-[^.]+\.js/, "app-Next000000.js");
    await route.fulfill({ response, body });
  });
  await page.fill("#composer", "half a sentence");
  await web.rig.stop();
  await page.locator(".connection", { hasText: "No connection" }).waitFor();
  await web.rig.resume(port);
  await told.waitFor(RECONNECT);
  updated = false;
  await page.getByRole("button", { name: "Reload the page" }).click();
  await messageWith(page, "nothing has changed").waitFor();
  await holds(page.locator("#composer"), "half a sentence");
  await eventually(() => told.count(), 0);
});
