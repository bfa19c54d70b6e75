import assert from "node:assert/strict";
import { Program, temporaryFolder } from "../program/program.ts";
import type { Page, WebSocketRoute } from "playwright-core";
import {
  CHROMIUM,
  count,
  enter,
  eventually,
  holds,
  launch,
  letPass,
  messageWith,
  RECONNECT,
  say,
  storedWith,
  texts,
  webTest,
} from "./browser.ts";
import { sessionCookie } from "../../tools/web/session_cookie.ts";

webTest("what is typed survives a reload, for each channel", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  await page.fill("#composer", "half a tho");
  await page.reload();
  await page.locator("#composer").waitFor();
  await holds(page.locator("#composer"), "half a tho");
  const second = await page.context().newPage();
  web.watch(second);
  await second.goto(web.rig.url);
  await second.locator("#composer").waitFor();
  await holds(second.locator("#composer"), "half a tho", "two tabs agree");
  await second.fill("#composer", "half a thought");
  await holds(page.locator("#composer"), "half a thought");
});

webTest("messages of an offline spell wait, can be given up, and go out once", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(olga);
  await say(page, "before");
  await storedWith(page, "before").waitFor();
  const { port } = web.rig.app;
  await web.rig.stop();
  await say(page, "one");
  await say(page, "two");
  await say(page, "never");
  await page.locator(".message.outgoing").nth(2).waitFor();
  await page.locator(".connection").waitFor();
  await page.locator(".outgoing", { hasText: "never" }).getByRole("button", { name: "Discard" }).click();
  await count(page.locator(".message.outgoing"), 2);

  await web.rig.resume(port);
  await storedWith(page, "two").waitFor(RECONNECT);
  await count(page.locator(".message.outgoing"), 0);
  await page.locator(".connection").waitFor({ state: "detached" });
  const client = await web.rig.live(gil);
  const [channelId] = client.replica.channels.keys();
  const { messages } = await client.history(channelId!);
  await client.close();
  assert.deepEqual(messages.map(({ text }) => text), ["before", "one", "two"]);
});

webTest(
  "O10 while another process takes over, what is typed stays and what is sent arrives once",
  async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const page = await web.open(olga);
    await say(page, "before");
    await messageWith(page, "before").and(page.locator("[data-seq]")).waitFor();
    const buttons = page.locator(".connection button");
    const succession = web.rig.succeed();
    for (const text of ["one", "two", "three"]) await say(page, text);
    await page.fill("#composer", "half a tho");
    await succession;
    const client = await web.rig.live(gil);
    const [channelId] = client.replica.channels.keys();
    await client.sendMessage(channelId!, "from the new one");
    await messageWith(page, "from the new one").waitFor();
    await page.locator(".message.outgoing").first().waitFor({ state: "detached" });
    assert.equal(await page.inputValue("#composer"), "half a tho");
    assert.equal(await buttons.count(), 0);
    const { messages } = await client.history(channelId!);
    await client.close();
    const texts = messages.map(({ text }) => text).filter((text) => text !== "from the new one");
    assert.deepEqual(texts, ["before", "one", "two", "three"]);
  },
);

webTest("a message for a channel that was never loaded is seen while it waits", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  const { id } = await client.createChannel("quiet");
  // More than what comes with the greeting: it has to be asked for.
  for (let i = 1; i <= 120; i++) await client.sendMessage(id, `message ${i}`);
  await client.close();
  const page = await web.open(olga);
  await page.locator(".channel", { hasText: "quiet" }).waitFor();
  await enter(page, "general");
  const { port } = web.rig.app;
  await web.rig.stop();
  await page.locator(".connection").waitFor();
  await enter(page, "quiet");
  await say(page, "written meanwhile");
  await page.locator(".outgoing", { hasText: "written meanwhile" }).getByText("waiting for a connection")
    .waitFor();
  await web.rig.resume(port);
  await storedWith(page, "written meanwhile").waitFor(RECONNECT);
  await count(page.locator(".outgoing"), 0);
});

webTest(
  "a network that is gone under an open connection is noticed, and nothing is sent twice",
  async (web) => {
    const olga = await web.rig.owner();
    const page = await web.open(olga);
    await say(page, "before");
    await storedWith(page, "before").waitFor();
    await page.context().setOffline(true);
    await say(page, "in between");
    await page.context().setOffline(false);
    await storedWith(page, "in between").waitFor(RECONNECT);
    await say(page, "after");
    await storedWith(page, "after").waitFor();
    await eventually(texts(page), ["before", "in between", "after"]);
  },
);

webTest("what a closed tab has left unsent is sent by another tab, or by the next one", async (web) => {
  const olga = await web.rig.owner();
  const first = await web.open(olga);
  const second = await first.context().newPage();
  web.watch(second);
  await second.goto(web.rig.url);
  await second.locator("#composer").waitFor();
  const { port } = web.rig.app;
  const spell = async (page: Page, text: string) => {
    await web.rig.stop();
    await page.locator(".connection").waitFor();
    await say(page, text);
    await page.locator(".outgoing", { hasText: text }).waitFor();
    await page.close();
    await web.rig.resume(port);
  };
  await spell(first, "left to the other tab");
  await messageWith(second, "left to the other tab").waitFor(RECONNECT);
  const context = second.context();
  await spell(second, "left to the next tab");
  const third = await context.newPage();
  web.watch(third);
  await third.goto(web.rig.url);
  await storedWith(third, "left to the next tab").waitFor();
  await eventually(texts(third), ["left to the other tab", "left to the next tab"]);
});

webTest(
  "what a closed tab has left unsent is sent by another that has been connected all the time",
  async (web) => {
    const olga = await web.rig.owner();
    const first = await web.open(olga);
    const second = await first.context().newPage();
    web.watch(second);
    await second.goto(web.rig.url);
    await say(second, "before");
    await storedWith(second, "before").waitFor();
    let again = 0;
    second.on("websocket", () => again++);
    let cut = false;
    const sockets = new Set<WebSocketRoute>();
    await first.routeWebSocket(/\/api\/v1\/socket$/, async (socket) => {
      if (cut) return await socket.close();
      sockets.add(socket);
      socket.connectToServer();
    });
    await first.reload();
    await messageWith(first, "before").waitFor();
    // What it takes up after it has connected it has taken up.
    await letPass(second, 2_500);
    cut = true;
    for (const socket of sockets) await socket.close();
    await first.locator(".connection").waitFor();
    await say(first, "one");
    await say(first, "two");
    await holds(first.locator("#composer"), "");
    await first.close();
    await storedWith(second, "two").waitFor(RECONNECT);
    await eventually(texts(second), ["before", "one", "two"]);
    await count(second.locator(".outgoing"), 0);
    assert.equal(again, 0);
  },
);

webTest("a message that is refused offers another try and can be given up", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const [page, client] = [await web.open(gil), await web.rig.live(olga)];
  const [channelId] = client.replica.channels.keys();
  const { port } = web.rig.app;
  await client.close();
  const archive = async (archived: boolean) => {
    const owner = await web.rig.live(olga);
    await owner.setChannelArchived(channelId!, archived);
    await owner.close();
  };
  await web.rig.stop();
  await say(page, "too late");
  await page.locator(".outgoing").waitFor();
  await web.rig.resume();
  await archive(true);
  await web.rig.stop();
  await web.rig.resume(port);
  const refused = page.locator(".outgoing.refused", { hasText: "too late" });
  await refused.waitFor(RECONNECT);
  await page.reload();
  await refused.waitFor();
  await archive(false);
  await page.locator("#composer").waitFor();
  await refused.getByRole("button", { name: "Try again" }).click();
  await storedWith(page, "too late").waitFor();
  await count(page.locator(".outgoing"), 0);
});

Deno.test({
  name: "the server is killed and started again under a page with a message being typed",
  ignore: !CHROMIUM,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using folder = await temporaryFolder();
    const args = (port: number) => ["--port", String(port), "--data", folder.path, "--bcrypt-cost", "4"];
    let program = new Program(args(0));
    const browser = await launch();
    try {
      const address = await program.address();
      const link = /http:\S+#invite=\S+/.exec(await program.prints("#invite="))![0];
      const page = await browser.newPage();
      await page.goto(link);
      await page.getByLabel("Name", { exact: true }).fill("olga");
      await page.getByLabel("Password").fill("correct horse battery");
      await page.getByRole("button", { name: "Become the owner" }).click();
      await say(page, "first");
      await storedWith(page, "first").waitFor();
      await page.fill("#composer", "second, unfin");
      program.kill();
      await program.end();
      await page.locator(".connection", { hasText: "No connection" }).waitFor();
      await page.locator("#composer").pressSequentially("ished");
      await page.keyboard.press("Enter");
      await page.fill("#composer", "third");
      program = new Program(args(Number(new URL(address).port)));
      await program.address();
      await storedWith(page, "second, unfinished").waitFor(RECONNECT);
      await holds(page.locator("#composer"), "third");
      await page.keyboard.press("Enter");
      await storedWith(page, "third").waitFor();
      await eventually(texts(page), ["first", "second, unfinished", "third"]);
    } finally {
      await browser.close();
      await program[Symbol.asyncDispose]();
    }
  },
});

webTest("a page that the server has no room for says so, and comes in when there is some", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  const context = await web.browser.newContext({ locale: "en-GB" });
  await context.addCookies([sessionCookie(web.rig.url, olga.token)]);
  await context.addInitScript(
    (id: number) => localStorage.setItem("rookery:/:user", String(id)),
    olga.user.id,
  );
  const page = await context.newPage();
  web.watch(page);
  await page.goto(web.rig.url);
  const line = page.locator(".connection");
  await line.getByText("too many connections: close another tab").waitFor();
  await client.close();
  await eventually(async () => {
    const button = line.getByRole("button", { name: "Try now" });
    // It is gone as soon as the page is in.
    await button.click({ timeout: 500 }).catch(() => {});
    return await line.count();
  }, 0);
  await page.locator("#composer").waitFor();
}, { limits: { connectionsPerUser: 1 } });
