/**
 * Measures the web client in Debian's Chromium: how soon it is usable, how it
 * takes a burst of messages, and what scrolling through a large channel leaves
 * in memory.
 *
 * @module
 */
import { type Browser, chromium, type Page } from "playwright-core";
import { seed, type Seeded } from "./seed.ts";
import { type App, startApp } from "../src/app.ts";
import { RookeryClient } from "../src/client/mod.ts";
import { loadConfig } from "../src/config.ts";
import { Logger } from "../src/logger.ts";
import { sessionCookie } from "../tools/web/session_cookie.ts";

const MESSAGES = 100_000;
const BURST = 1_000;
const OPENINGS = 5;

async function openPage(browser: Browser, app: App, seeded: Seeded): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  await context.addCookies([sessionCookie(app.url, seeded.tokens[0]!)]);
  await context.addInitScript(`localStorage.setItem("rookery:/:user", "${seeded.userIds[0]}")`);
  const page = await context.newPage();
  await page.goto(app.url);
  await page.locator(".message").last().waitFor();
  return page;
}

/** Milliseconds from the navigation to messages and a composer, fresh profiles without a cache. */
async function measureOpening(browser: Browser, app: App, seeded: Seeded): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const context = await browser.newContext({ bypassCSP: true });
    await context.addCookies([sessionCookie(app.url, seeded.tokens[0]!)]);
    await context.addInitScript(`
      localStorage.setItem("rookery:/:user", "${seeded.userIds[0]}");
      new MutationObserver((_, observer) => {
        if (!document.querySelector(".message") || !document.querySelector("#composer")) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => globalThis.usableMs = performance.now()));
      }).observe(document, { childList: true, subtree: true });
    `);
    const page = await context.newPage();
    await page.goto(app.url);
    await page.waitForFunction("globalThis.usableMs");
    times.push(await page.evaluate("globalThis.usableMs") as number);
    await context.close();
  }
  times.sort((a, b) => a - b);
  console.log(`usable after ${times.map((time) => Math.round(time)).join(", ")} ms`);
}

/** The longest frame while many messages come into the open channel. */
async function measureBurst(browser: Browser, app: App, seeded: Seeded): Promise<void> {
  const page = await openPage(browser, app, seeded);
  await page.evaluate(`
    globalThis.frames = [];
    let last = performance.now();
    const beat = (now) => { frames.push(now - last); last = now; requestAnimationFrame(beat); };
    requestAnimationFrame(beat);
    globalThis.tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
      .observe({ type: "longtask" });
  `);
  const clients = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async (at) => {
    const client = new RookeryClient(app.url, { token: seeded.tokens[at]! });
    await client.live();
    return client;
  }));
  await page.evaluate("frames.length = 0");
  const startMs = performance.now();
  await Promise.all(Array.from({ length: BURST }, (_, i) => {
    const text = `burst ${i} with **some** \`Markdown\` and https://example.org`;
    return clients[i % clients.length]!.sendMessage(seeded.channelIds[0]!, text);
  }));
  await page.locator(`[data-seq="${clients[0]!.replica.channels.get(seeded.channelIds[0]!)!.headSeq}"]`)
    .waitFor();
  const took = performance.now() - startMs;
  const frames = await page.evaluate("frames") as number[];
  const tasks = await page.evaluate("tasks") as number[];
  frames.sort((a, b) => b - a);
  console.log(
    `${BURST} messages in ${Math.round(took)} ms: longest frames ${
      frames.slice(0, 3).map((ms) => Math.round(ms)).join(", ")
    } ms of ${frames.length}; long tasks: ${tasks.map((ms) => Math.round(ms)).join(", ") || "none"}`,
  );
  await Promise.all(clients.map((client) => client.close()));
  await page.context().close();
}

/** The heap before and after scrolling through everything. */
async function measureScrolling(browser: Browser, app: App, seeded: Seeded): Promise<void> {
  const page = await openPage(browser, app, seeded);
  const session = await page.context().newCDPSession(page);
  const heapMiB = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize / 1024 / 1024;
  };
  const before = await heapMiB();
  const startMs = performance.now();
  await page.evaluate(`(async () => {
    const scroller = document.querySelector(".scroller");
    while (!scroller.querySelector(".beginning")) {
      scroller.scrollTop = 0;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  })()`);
  const seconds = (performance.now() - startMs) / 1000;
  const after = await heapMiB();
  const rows = await page.locator(".message").count();
  console.log(
    `${MESSAGES} messages scrolled in ${seconds.toFixed(1)} s: heap ${before.toFixed(1)} MiB before, ${
      after.toFixed(1)
    } MiB after, ${rows} rows in the page`,
  );
  await page.context().close();
}

const data = await Deno.makeTempDir({ prefix: "rookery_" });
const channels = [{ name: "large", members: [0, 1, 2, 3, 4, 5, 6, 7, 8] }];
const seeded = await seed(data, { users: 9, channels, messages: MESSAGES });
const config = loadConfig({ args: [], env: () => undefined, readFile: () => "" });
const browser = await chromium.launch({
  executablePath: Deno.env.get("ROOKERY_CHROMIUM") ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  await using app = await startApp(
    { ...config, port: 0, data },
    new Logger({ terminal: false, write: () => {} }),
  );
  const client = new RookeryClient(app.url, { token: seeded.tokens[0]! });
  await client.live();
  const [channelId] = seeded.channelIds;
  await client.markRead(channelId!, client.replica.channels.get(channelId!)!.headSeq);
  await client.close();
  await measureOpening(browser, app, seeded);
  await measureBurst(browser, app, seeded);
  await measureScrolling(browser, app, seeded);
} finally {
  await browser.close();
  await Deno.remove(data, { recursive: true });
}
