/** The page over HTTPS that the server speaks itself. */
import assert from "node:assert/strict";
import { loadConfig } from "../../src/config.ts";
import { readTls } from "../../src/config/tls.ts";
import { ONE, TWO } from "../tls/pairs.ts";
import { messageWith, say, webTest } from "./browser.ts";

webTest("the page works over HTTP/2 and wss, and changes over to a renewed certificate", async (web) => {
  const path = `/${new URL(web.rig.app.ownerLink!).hash}`;
  const page = await web.open(undefined, { path, ignoreHTTPSErrors: true });
  await page.getByLabel("Name", { exact: true }).fill("olga");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Become the owner" }).click();
  await page.locator("#composer").waitFor();
  const protocol = await page.evaluate(() =>
    (performance.getEntriesByType("navigation")[0] as PerformanceResourceTiming).nextHopProtocol
  );
  assert.equal(protocol, "h2");
  const cookies = await page.context().cookies();
  assert.deepEqual(cookies.map(({ name, secure }) => [name.replace(/-[0-9a-f]{8}$/, ""), secure]).sort(), [
    ["__Host-rookery", true],
    ["__Host-rookery-device", true],
  ]);
  await say(page, "over TLS");
  await messageWith(page, "over TLS").waitFor();

  const defaults = loadConfig({ args: [], env: () => undefined, readFile: () => "" });
  const config = { ...defaults, tlsCert: TWO.certPath, tlsKey: TWO.keyPath };
  assert.equal(await web.rig.app.configure(config, readTls(config, Deno.readTextFileSync)), true);
  await say(page, "with another certificate");
  await messageWith(page, "with another certificate").waitFor();
  await page.reload();
  await messageWith(page, "with another certificate").waitFor();
}, { settings: { tlsCert: ONE.certPath, tlsKey: ONE.keyPath } });
