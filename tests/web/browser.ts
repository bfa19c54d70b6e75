/**
 * Tests in a real browser: Debian's Chromium, driven by playwright-core. Where
 * there is none, they are skipped and it is said.
 *
 * @module
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import type { User } from "../../src/client/mod.ts";
import { Rig, type RigOptions } from "../server/rig.ts";
import { sessionCookie } from "../../tools/web/session_cookie.ts";

/** A name that leads here, and is no loopback name: pages there are not in a secure context. */
const PLAIN_HOST = "rookery.test";
const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A name that is not this machine's own, as in a local network.
  `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`,
];
/** Longer than anything a page should need, on a busy machine, too. */
export const PATIENCE_MS = 30_000;
/** Pauses between attempts to connect grow to 20 s, and then there is the work itself. */
export const RECONNECT = { timeout: 2 * PATIENCE_MS };
const LOOK_MS = 20;

/** Path of the browser; undefined where there is none. ROOKERY_CHROMIUM names another one. */
export const CHROMIUM = firstFile([Deno.env.get("ROOKERY_CHROMIUM"), ...CANDIDATES]);

/** The first of these paths where a file is. */
export function firstFile(paths: readonly (string | undefined)[]): string | undefined {
  return paths.find((path) => path && exists(path));
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** One for all tests of a file. */
let shared: Browser | undefined;
Deno.test.afterAll(async () => await shared?.close());

/** A server of the test's own, and the file's browser with profiles of the test's own. */
export class Web implements AsyncDisposable {
  readonly rig: Rig;
  readonly browser: Browser;
  /** What no page may say: errors, violations of the content policy. */
  readonly problems: string[] = [];

  private constructor(rig: Rig, browser: Browser) {
    this.rig = rig;
    this.browser = browser;
  }

  static async start(options: RigOptions = {}): Promise<Web> {
    // One that a test before has brought down is not this test's trouble.
    const browser = shared?.isConnected() ? shared : shared = await launch();
    return new Web(
      await Rig.start({ ...options, settings: { hosts: [PLAIN_HOST], ...options.settings } }),
      browser,
    );
  }

  /** A page in a browser profile of its own, logged in as this person, at this address. */
  async open(
    person?: { readonly token: string; readonly user: Pick<User, "id"> },
    { path = "/", ...options }: BrowserContextOptions & { path?: string } = {},
  ): Promise<Page> {
    const context = await this.browser.newContext({
      locale: "en-GB",
      viewport: { width: 1200, height: 800 },
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    if (person) {
      await context.addCookies([sessionCookie(this.rig.url, person.token)]);
      await context.addInitScript((id: number) => {
        if (!localStorage.getItem("rookery:/:user")) localStorage.setItem("rookery:/:user", String(id));
      }, person.user.id);
    }
    const page = await context.newPage();
    this.watch(page);
    await page.goto(this.rig.url + path);
    if (person) await page.locator(".sidebar .channel").first().waitFor();
    return page;
  }

  /** Remembers what the page complains about. A server that is away is no fault of the page's. */
  watch(page: Page): void {
    page.on("pageerror", (error) => this.problems.push(String(error.stack ?? error)));
    page.on("console", (message) => {
      const text = message.text();
      const away = /net::ERR_|WebSocket connection to|status of (401|429|503)/.test(
        text,
      );
      if (message.type() === "error" && !away) this.problems.push(text);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    await this.rig[Symbol.asyncDispose]();
  }
}

export async function launch(): Promise<Browser> {
  const timeout = 4 * PATIENCE_MS;
  return await chromium.launch({ executablePath: CHROMIUM!, headless: true, args: FLAGS, timeout });
}

/**
 * Waits until what is looked at is as expected. What a page shows comes after what causes it:
 * looking once would be a race.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  expected: T,
  { message, timeout = PATIENCE_MS }: { message?: string; timeout?: number } = {},
): Promise<void> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const seen = await look();
    if (isDeepStrictEqual(seen, expected)) return;
    if (performance.now() > deadline) return assert.deepEqual(seen, expected, message);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Waits for so many of them. */
export async function count(locator: Locator, expected: number, message?: string): Promise<void> {
  await eventually(() => locator.count(), expected, message === undefined ? {} : { message });
}

/** Waits until the field holds this. */
export async function holds(field: Locator, value: string, message?: string): Promise<void> {
  await eventually(() => field.inputValue(), value, message === undefined ? {} : { message });
}

/**
 * Lets the page do what was due within this time. Its timers fire in their order, so whatever it would have
 * done by then has been begun, however busy the machine is.
 */
export async function letPass(page: Page, ms: number): Promise<void> {
  await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), ms);
}

/** A test in a browser; every page in it has to be without complaints in the end. */
export function webTest(name: string, run: (web: Web) => Promise<void>, options: RigOptions = {}): void {
  Deno.test({
    name: CHROMIUM ? name : `${name} (SKIPPED: no Chromium here; apt-get install chromium)`,
    ignore: !CHROMIUM,
    // The driver keeps its pipes until the process ends.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using web = await Web.start(options);
      await run(web);
      assert.deepEqual(web.problems, []);
      assert.deepEqual(web.rig.errors(), []);
    },
  });
}

/** Writes a message as a person does. */
export async function say(page: Page, text: string): Promise<void> {
  await page.fill("#composer", text);
  await page.press("#composer", "Enter");
}

/** The row of the newest message with this text. */
export function messageWith(page: Page, text: string): Locator {
  return page.locator(".message").filter({ has: page.locator(".text", { hasText: text }) }).last();
}

/** The same, once the channel has it. */
export function storedWith(page: Page, text: string): Locator {
  return messageWith(page, text).and(page.locator("[data-seq]"));
}

/** Texts of all messages, oldest first. */
export function texts(page: Page): () => Promise<string[]> {
  return () => page.locator(".message .text").allInnerTexts();
}

/** Chooses from the menu at the list of channels. */
export async function choose(page: Page, name: string, button = "Add or browse"): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("menuitem", { name }).click();
}

/** Chooses from the menu behind the server's name. */
export async function chooseOfServer(page: Page, name: string): Promise<void> {
  await page.locator(".sidebar h1 button").click();
  await page.getByRole("menuitem", { name, exact: true }).click();
}

/** Opens the window behind the button of this name, or behind the entry in the server's menu. */
export async function openDialog(page: Page, name: string): Promise<void> {
  const button = page.getByRole("button", { name, exact: true }).first();
  if (await button.isVisible()) await button.click();
  else await chooseOfServer(page, name);
  await page.getByRole("dialog").waitFor();
}

/** Opens a channel by its name. */
export async function enter(page: Page, name: string): Promise<void> {
  await page.locator(".channel", { hasText: name }).first().click();
  await page.locator(".room-head h2", { hasText: name }).waitFor();
}
