import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { User } from "../../src/client/mod.ts";
import { enter, eventually, type Web, webTest } from "./browser.ts";
import { sessionCookie } from "../../tools/web/session_cookie.ts";

/** What a page has shown on the desktop so far. */
interface Alert {
  readonly title: string;
  readonly body: string;
  closed: boolean;
}

interface Watched {
  alerts: Alert[];
  asked: number;
  /** Out of sight, as if another window lay over it. */
  covered: boolean;
  click(): void;
}

/** Pages of one browser, so of one person, whose notifications are real and written down. */
async function desktop(
  web: Web,
  person: { token: string; user: Pick<User, "id"> },
  pages: number,
): Promise<Page[]> {
  const context = await web.browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 800 } });
  await context.grantPermissions(["notifications"], { origin: web.rig.url });
  await context.addCookies([sessionCookie(web.rig.url, person.token)]);
  await context.addInitScript((id: number) => {
    localStorage.setItem("rookery:/:user", String(id));
    const RealNotification = Notification;
    let last: Notification | undefined;
    const watched: Watched = {
      alerts: [],
      asked: 0,
      covered: false,
      click: () => last!.onclick!(new Event("click")),
    };
    (globalThis as unknown as { watched: Watched }).watched = watched;
    // Browsers without a screen take every page for visible.
    Object.defineProperty(document, "hidden", { get: () => watched.covered });
    globalThis.Notification = class extends RealNotification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        last = this;
        const alert = { title, body: options?.body ?? "", closed: false };
        watched.alerts.push(alert);
        this.close = () => {
          alert.closed = true;
          super.close();
        };
      }
      static override requestPermission() {
        watched.asked++;
        return RealNotification.requestPermission();
      }
    };
  }, person.user.id);
  return await Promise.all(Array.from({ length: pages }, async () => {
    const page = await context.newPage();
    web.watch(page);
    await page.goto(web.rig.url);
    await page.locator("#composer").waitFor();
    await eventually(async () => await holder(page, ":alerts") !== "", true);
    return page;
  }));
}

function watched(page: Page): Promise<Watched> {
  return page.evaluate(() => {
    const { alerts, asked, covered } = (globalThis as unknown as { watched: Watched }).watched;
    return { alerts, asked, covered } as Watched;
  });
}

/** Covers pages or uncovers them, until every tab knows. */
async function cover(pages: readonly Page[], covered: boolean): Promise<void> {
  for (const page of pages) await coverOne(page, covered);
  const inSight = async () => await holder(pages[0]!, ":in-sight") !== "";
  await eventually(inSight, !covered);
}

async function coverOne(page: Page, covered: boolean): Promise<void> {
  await page.evaluate((covered) => {
    (globalThis as unknown as { watched: Watched }).watched.covered = covered;
    document.dispatchEvent(new Event("visibilitychange"));
  }, covered);
}

async function allow(page: Page): Promise<void> {
  await page.locator(".me").click();
  await page.getByLabel("Notify me of mentions and direct messages").check();
  await page.getByLabel("Show what was written").waitFor();
}

/** Titles and texts of all that the pages have shown. */
function shownBy(pages: readonly Page[]): () => Promise<string[]> {
  return async () => {
    const alerts = (await Promise.all(pages.map(watched))).flatMap((page) => page.alerts);
    return alerts.map(({ title, body }) => `${title}: ${body}`);
  };
}

/** Number that the browser has for the tab that holds a lock; empty when none does. */
function holder(page: Page, lock: string): Promise<string> {
  return page.evaluate(async (lock) => {
    const { held } = await navigator.locks.query();
    return held!.find(({ name }) => name!.endsWith(lock))?.clientId ?? "";
  }, lock);
}

webTest(
  "notifications: only when asked for, only out of sight, only of what calls, and a click leads there",
  async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const client = await web.rig.live(gil);
    const [general] = client.replica.channels.keys();
    const elsewhere = await client.createChannel("elsewhere");
    await client.addMember(elsewhere.id, olga.user.id);
    const [page] = await desktop(web, olga, 1) as [Page];
    await cover([page], true);
    await client.sendMessage(general!, "@olga not yet");
    await page.locator(".badge.calling").waitFor();
    await cover([page], false);
    await allow(page);
    assert.equal((await watched(page)).asked, 1, "asked by the click alone");
    await page.keyboard.press("Escape");
    await client.sendMessage(general!, "@olga you see this");
    await page.getByText("you see this").first().waitFor();

    await cover([page], true);
    await client.sendMessage(general!, "nothing for you");
    const { seq } = await client.sendMessage(elsewhere.id, "@olga **look** here");
    const called = "gil in #elsewhere: @olga **look** here";
    await eventually(shownBy([page]), [called]);
    await page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.click());
    await page.locator(".room-head h2", { hasText: "elsewhere" }).waitFor();
    await page.locator(`.message.marked[data-seq="${seq}"]`).waitFor();
    await cover([page], false);
    await eventually(async () => (await watched(page)).alerts.map(({ closed }) => closed), [true]);

    await page.locator(".me").click();
    await page.getByLabel("Show what was written").uncheck();
    await page.keyboard.press("Escape");
    await cover([page], true);
    const direct = await client.openDirect([olga.user.id]);
    await client.sendMessage(direct.id, "secret");
    await eventually(shownBy([page]), [called, "gil: New message"]);
    const mia = await web.rig.person("mia");
    const group = await client.openDirect([olga.user.id, mia.user.id]);
    await client.sendMessage(group.id, "secret, too");
    await eventually(shownBy([page]), [called, "gil: New message", "gil in gil and mia: New message"]);
    await client.close();
  },
);

webTest(
  "of several tabs one shows a notification, none does while another is in sight, and a closed one is replaced",
  async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const client = await web.rig.live(gil);
    const direct = await client.openDirect([olga.user.id]);
    await client.sendMessage(direct.id, "so that it is listed");
    const pages = await desktop(web, olga, 3);
    await allow(pages[0]!);
    await pages[0]!.keyboard.press("Escape");
    const heard = (text: string, among: readonly Page[]) =>
      Promise.all(among.map((page) => page.locator(".message .text", { hasText: text }).waitFor()));
    for (const page of pages) await enter(page, "gil");
    await cover(pages, true);
    await client.sendMessage(direct.id, "one for three");
    await heard("one for three", pages);
    await eventually(shownBy(pages), ["gil: one for three"]);

    await cover([pages[1]!], false);
    await client.sendMessage(direct.id, "you see it");
    await heard("you see it", pages);
    await cover([pages[1]!], true);
    await client.sendMessage(direct.id, "out of sight again");
    await heard("out of sight again", pages);
    await eventually(shownBy(pages), ["gil: one for three", "gil: out of sight again"]);

    const counts = await Promise.all(pages.map(async (page) => (await watched(page)).alerts.length));
    const at = counts.findIndex((count) => count > 0);
    const left = pages.filter((_, i) => i !== at);
    const before = await holder(left[0]!, ":alerts");
    await pages[at]!.close();
    const replaced = async () => !["", before].includes(await holder(left[0]!, ":alerts"));
    await eventually(replaced, true);
    await client.sendMessage(direct.id, "the heir");
    await eventually(shownBy(left), ["gil: the heir"]);
    await client.close();
  },
);

webTest(
  "what came in the moment in which the tab that shows notifications ended is shown by the next one",
  async (web) => {
    const [olga, gil, mia] = [
      await web.rig.owner(),
      await web.rig.person("gil"),
      await web.rig.person("mia"),
    ];
    const client = await web.rig.live(gil);
    const other = await web.rig.live(mia);
    const direct = await client.openDirect([olga.user.id]);
    await client.sendMessage(direct.id, "so that it is listed");
    const pages = await desktop(web, olga, 2);
    await allow(pages[0]!);
    await pages[0]!.keyboard.press("Escape");
    for (const page of pages) await enter(page, "gil");
    await cover(pages, true);
    const { id } = await other.openDirect([olga.user.id]);
    await other.sendMessage(id, "shown already");
    await eventually(shownBy(pages), ["mia: shown already"]);
    const counts = await Promise.all(pages.map(async (page) => (await watched(page)).alerts.length));
    const leader = pages[counts.indexOf(1)]!;
    const heir = pages[counts.indexOf(0)]!;
    // It hears of the message, and comes no further.
    await leader.evaluate(() => {
      navigator.locks.query = () => new Promise(() => {});
    });
    await client.sendMessage(direct.id, "at the last moment");
    await heir.locator(".message .text", { hasText: "at the last moment" }).waitFor();
    await leader.close();
    await eventually(shownBy([heir]), ["gil: at the last moment"]);
    await client.sendMessage(direct.id, "and then");
    await eventually(shownBy([heir]), ["gil: at the last moment", "gil: and then"]);
    await client.close();
    await other.close();
  },
);

webTest("a browser that blocks notifications, and a page without encryption, are explained", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  // Granting nothing denies everything.
  await page.context().grantPermissions([], { origin: web.rig.url });
  await page.reload();
  await page.locator(".me").click();
  await page.getByText("Your browser blocks notifications").waitFor();
  const plain = await web.browser.newPage({ locale: "en-GB" });
  await plain.goto(`http://rookery.test:${web.rig.app.port}/`);
  await plain.getByLabel("Name", { exact: true }).fill("olga");
  await plain.getByLabel("Password").fill(olga.password);
  await plain.getByRole("button", { name: "Log in" }).click();
  await plain.locator(".me").click();
  await plain.getByText("only show notifications from pages served over HTTPS").waitFor();
});
