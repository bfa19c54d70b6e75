/**
 * Makes the screenshots in docs/: a server of its own with people who talk,
 * looked at by Debian's Chromium. For releases and for whoever changes the look.
 *
 * @module
 */
import { chromium, type Page } from "playwright-core";
import { ROOT } from "./process.ts";
import { openScene, type Scene } from "./screenshots/scene.ts";
import { smallPng } from "./screenshots/small_png.ts";

interface Shot {
  readonly name: string;
  readonly scheme: "light" | "dark";
  readonly size: { readonly width: number; readonly height: number };
  readonly locale?: string;
  /** Brings the page from the open channel to what is to be seen. */
  readonly arrange?: (page: Page, scene: Scene) => Promise<void>;
}

const WIDE = { width: 1120, height: 700 };
const NARROW = { width: 390, height: 760 };

const SHOTS: readonly Shot[] = [
  { name: "wide-light", scheme: "light", size: WIDE, arrange: showMembers },
  { name: "wide-dark", scheme: "dark", size: WIDE, arrange: pickEmoji },
  { name: "narrow-light", scheme: "light", size: NARROW },
  {
    name: "narrow-dark",
    scheme: "dark",
    size: NARROW,
    locale: "de-DE",
    arrange: (page) => page.locator(".room-head button").first().click(),
  },
  { name: "switcher", scheme: "light", size: WIDE, arrange: openSwitcher },
  { name: "settings", scheme: "dark", size: WIDE, arrange: (page) => page.locator(".me").click() },
  { name: "invite", scheme: "light", size: WIDE, arrange: makeInvite },
  { name: "offline", scheme: "light", size: WIDE, arrange: goOffline },
  { name: "join", scheme: "light", size: WIDE, arrange: logOut },
];

async function showMembers(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Members" }).click();
  await page.locator(".members .member").nth(3).waitFor();
}

async function pickEmoji(page: Page): Promise<void> {
  await page.locator(".message").last().hover();
  await page.locator(".actions button").first().click();
  await page.locator(".emoji-groups section").first().waitFor();
}

async function openSwitcher(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("in");
  await page.getByRole("option").nth(2).waitFor();
}

async function makeInvite(page: Page): Promise<void> {
  await page.locator(".sidebar h1 button").click();
  await page.getByRole("menuitem", { name: "Invite people" }).click();
  await page.locator("dialog form .primary").click();
  await page.locator(".invite-link").waitFor();
}

async function goOffline(page: Page, scene: Scene): Promise<void> {
  await scene.stop();
  await page.fill("#composer", "Is it me, or is it quiet?");
  await page.press("#composer", "Enter");
  await page.fill("#composer", "I will just write on, it is kept");
  await page.locator(".connection").waitFor();
  await page.locator(".outgoing").waitFor();
}

async function logOut(page: Page, scene: Scene): Promise<void> {
  await page.context().clearCookies();
  await page.evaluate(`localStorage.clear(); sessionStorage.setItem("out", "yes")`);
  await page.goto("about:blank");
  await page.goto(`${scene.url}/#invite=${await scene.invite()}`);
  await page.locator("form").waitFor();
}

async function main(folder: string, names: readonly string[]): Promise<void> {
  const executablePath = Deno.env.get("ROOKERY_CHROMIUM") ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (const shot of SHOTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      await using scene = await openScene();
      const page = await browser.newPage({
        viewport: shot.size,
        colorScheme: shot.scheme,
        locale: shot.locale ?? "en-GB",
        reducedMotion: "reduce",
        // Who has so little room holds a phone.
        hasTouch: shot.size === NARROW,
        isMobile: shot.size === NARROW,
      });
      await scene.enter(page);
      await shot.arrange?.(page, scene);
      await page.waitForTimeout(400);
      const png = smallPng(await page.screenshot({ type: "png" }));
      await Deno.writeFile(`${folder}/${shot.name}.png`, png);
      await page.context().close();
      console.log(`${folder}/${shot.name}.png: ${png.length} bytes`);
    }
  } finally {
    await browser.close();
  }
}

const [first, ...rest] = Deno.args;
const folder = first?.startsWith("--to=") ? first.slice(5) : `${ROOT}/docs`;
await main(folder, first && !first.startsWith("--to=") ? Deno.args : rest);
