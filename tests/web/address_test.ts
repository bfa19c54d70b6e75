import assert from "node:assert/strict";
import { messageWith, say, storedWith, webTest } from "./browser.ts";

const PREFIX = "/chat/";

/** A proxy in front of a server: what is asked for below the prefix, it asks for at the top. */
function proxyTo(port: number): { readonly port: number; close(): void } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();
  const copy = async (from: Deno.Conn, to: Deno.Conn, change: (text: string) => string) => {
    const buffer = new Uint8Array(65_536);
    try {
      for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
        // Latin-1, so that bytes which are no text stay what they are.
        const text = change(String.fromCharCode(...buffer.subarray(0, size)));
        const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
        for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
      }
      to.closeWrite();
    } catch {
      // One side is gone.
    }
  };
  (async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      connections.add(client).add(server);
      void copy(client, server, (text) => text.replace(/^(GET|POST) \/chat\//, "$1 /"));
      void copy(server, client, (text) => text);
    }
  })().catch(() => {});
  return {
    port: listener.addr.port,
    close() {
      listener.close();
      for (const connection of connections) {
        try {
          connection.close();
        } catch {
          // It is closed already.
        }
      }
    },
  };
}

webTest("the page works below a path that a proxy puts in front", async (web) => {
  await web.rig.owner();
  const gil = await web.rig.person("gil");
  const proxy = proxyTo(web.rig.app.port);
  try {
    const context = await web.browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    web.watch(page);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`http://127.0.0.1:${proxy.port}${PREFIX}`);
    await page.getByLabel("Name", { exact: true }).fill("gil");
    await page.getByLabel("Password").fill(gil.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await say(page, "from below");
    await storedWith(page, "from below").waitFor();
    await page.getByRole("button", { name: "Insert an emoji" }).click();
    await page.locator(".emoji-groups section").first().waitFor();
    assert.deepEqual(asked.filter((path) => !path.startsWith(PREFIX)), []);
    await context.close();
  } finally {
    proxy.close();
  }
});

webTest("two servers below one origin keep what they leave in the browser apart", async (web) => {
  const { hash } = new URL(web.rig.app.ownerLink!);
  await web.rig.owner();
  const gil = await web.rig.person("gil");
  const proxy = proxyTo(web.rig.app.port);
  try {
    const context = await web.browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    web.watch(page);
    const origin = `http://127.0.0.1:${proxy.port}`;
    await page.goto(origin + PREFIX + hash);
    await page.getByText("This server already has an owner").waitFor();
    // The invite of the one is none of the other's.
    await page.goto(origin);
    await page.getByRole("button", { name: "Log in" }).waitFor();
    await page.goto(origin + PREFIX);
    await page.getByText("This server already has an owner").waitFor();
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await page.getByLabel("Name", { exact: true }).fill("gil");
    await page.getByLabel("Password").fill(gil.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await say(page, "from below");
    await storedWith(page, "from below").waitFor();
    const names = await page.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      const locks = [...held, ...pending].map(({ name }) => name!);
      return [...locks, ...Object.keys(localStorage), ...Object.keys(sessionStorage)];
    });
    assert.ok(names.includes(`rookery:${PREFIX}:alerts`), names.join());
    assert.deepEqual(names.filter((name) => !name.startsWith(`rookery:${PREFIX}:`)), []);
    await context.close();
  } finally {
    proxy.close();
  }
});

webTest("over plain HTTP in a local network it works, and says calmly what that means", async (web) => {
  await web.rig.owner();
  const gil = await web.rig.person("gil");
  const page = await web.browser.newPage({ locale: "en-GB" });
  web.watch(page);
  await page.goto(`http://rookery.test:${web.rig.app.port}/`);
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await page.getByText("not encrypted").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("gil");
  await page.getByLabel("Password").fill(gil.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await say(page, "from the network");
  await storedWith(page, "from the network").waitFor();
  await page.getByText("not encrypted").waitFor();
  await page.getByRole("button", { name: "Understood" }).click();
  await page.getByText("not encrypted").waitFor({ state: "detached" });
  await page.reload();
  await messageWith(page, "from the network").waitFor();
  const cookies = await page.context().cookies();
  assert.deepEqual(
    cookies.map(({ name, httpOnly, sameSite }) => [name.replace(/-[0-9a-f]{8}$/, ""), httpOnly, sameSite])
      .sort(),
    [
      ["rookery", true, "Strict"],
      ["rookery-device", true, "Strict"],
    ],
  );
});
