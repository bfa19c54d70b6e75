/** The page in a real browser, over TLS at a proxy. */
import { deepEqual, equal } from "node:assert/strict";
import { CHROMIUM, launch, messageWith, say } from "../web/browser.ts";
import type { ProxyName } from "./proxy.ts";
import { programPath } from "./programs.ts";
import { Place } from "./scenarios.ts";

for (const name of ["nginx", "caddy"] as const) {
  for (const path of ["/", "/chat/"]) browserTest(name, path);
}

function browserTest(name: ProxyName, path: string): void {
  const what = `a browser logs in, chats and stays logged in through ${name} at ${path}`;
  const missing = [
    ...[name, "openssl"].filter((program) => programPath(program) === undefined),
    ...(CHROMIUM ? [] : ["chromium"]),
  ];
  Deno.test({
    name: missing.length === 0 ? what : `${what} (SKIPPED: no ${missing.join(", ")} here)`,
    ignore: missing.length > 0,
    // The driver keeps its pipes until the process ends.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using place = await Place.open(name, path === "/" ? {} : { path });
      const browser = await launch();
      try {
        const context = await browser.newContext({ locale: "en-GB", ignoreHTTPSErrors: true });
        context.setDefaultTimeout(30_000);
        const page = await context.newPage();
        const problems: string[] = [];
        page.on("pageerror", (error) => problems.push(String(error)));
        const { name: user, password } = place.owner;
        await page.goto(place.proxy.url(path));
        await page.getByLabel("Name", { exact: true }).fill(user);
        await page.getByLabel("Password").fill(password);
        await page.getByRole("button", { name: "Log in" }).click();
        await say(page, "over the proxy");
        await messageWith(page, "over the proxy").and(page.locator("[data-seq]")).waitFor();
        const cookies = await context.cookies();
        deepEqual(
          cookies.map((
            { name, secure, httpOnly, sameSite, path },
          ) => [name.replace(/-[0-9a-f]{8}$/, ""), secure, httpOnly, sameSite, path]).sort(),
          [
            ["__Host-rookery", true, true, "Strict", "/"],
            ["__Host-rookery-device", true, true, "Strict", "/"],
          ],
        );
        equal(await page.evaluate("isSecureContext"), true);
        await page.reload();
        await messageWith(page, "over the proxy").waitFor();
        deepEqual(problems, []);
      } finally {
        await browser.close();
      }
      deepEqual(place.rig.errors(), []);
    },
  });
}
