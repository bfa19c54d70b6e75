import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { CommandBody } from "../../src/chat/command.ts";
import { OPERATOR, Registration, ServerRole } from "../../src/chat/model.ts";
import { request } from "../../src/client/mod.ts";
import { chooseOfServer, count, eventually, type Web, webTest } from "./browser.ts";

const INVITE_ONLY = { settings: { registration: Registration.INVITE } };

/** A link of the operator's. */
async function link(web: Web, role: ServerRole = ServerRole.MEMBER) {
  const result = await operate(web, {
    case: "createInvite",
    value: { role, uses: 1, validS: 3600, channelIds: [] },
  });
  assert(result.case === "invite");
  return { id: result.value.id, path: `/#invite=${result.value.code}` };
}

async function operate(web: Web, body: CommandBody) {
  return await web.rig.app.core.chat.execute({ id: 0, key: "", body }, { principal: OPERATOR });
}

async function refused(page: Page, reason: RegExp): Promise<void> {
  await page.getByRole("alert").filter({ hasText: reason }).waitFor();
  assert.equal(await page.locator("form").count(), 0, "nothing to fill in");
}

webTest(
  "A11 the link of a new server says that one becomes its owner, and later that there is one",
  async (web) => {
    const path = `/${new URL(web.rig.app.ownerLink!).hash}`;
    const page = await web.open(undefined, { path });
    await page.getByRole("heading", { name: "Set up this server" }).waitFor();
    await page.getByText("you become its owner").waitFor();
    const late = await web.open(undefined, { path });
    await late.locator("form").waitFor();
    await page.getByLabel("Name", { exact: true }).fill("olga");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Become the owner" }).click();
    await page.locator("#composer").waitFor();

    // Whoever was filling in the form meanwhile is told, too.
    await late.getByLabel("Name", { exact: true }).fill("eve");
    await late.getByLabel("Password").fill("correct horse battery");
    await late.getByRole("button", { name: "Become the owner" }).click();
    await refused(late, /This server already has an owner/);
    await refused(await web.open(undefined, { path }), /This server already has an owner/);
    assert.deepEqual(web.problems.splice(0), [
      "Failed to load resource: the server responded with a status of 403 (Forbidden)",
    ]);
  },
  INVITE_ONLY,
);

webTest("A11 a link that lets nobody in says why before there is a form", async (web) => {
  await web.rig.owner();
  const once = await link(web);
  const code = once.path.slice("/#invite=".length);
  await request(web.rig.url, ["register", {
    name: "gil",
    password: "correct horse battery",
    inviteCode: code,
  }]);
  const taken = await link(web);
  await operate(web, { case: "revokeInvite", value: { inviteId: taken.id } });
  const page = await web.open(undefined, { path: once.path });
  await refused(page, /used up/);
  await refused(await web.open(undefined, { path: taken.path }), /revoked/);
  await refused(await web.open(undefined, { path: `${taken.path.slice(0, -4)}` }), /part of it is missing/);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Name", { exact: true }).fill("gil");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.locator("#composer").waitFor();
}, INVITE_ONLY);

webTest("A11 links to roles say so; one that is opened in the page's own tab counts, too", async (web) => {
  await web.rig.owner();
  const page = await web.open();
  await page.getByText("No account?").waitFor();
  const admin = await link(web, ServerRole.ADMIN);
  await page.evaluate((hash) => location.hash = hash, admin.path.slice(1));
  await page.getByText("makes you an admin").waitFor();
  await eventually(() => new URL(page.url()).hash, "");
  const plain = await link(web);
  await page.evaluate((hash) => location.hash = hash, plain.path.slice(1));
  await page.getByText("Your link lets you in").waitFor();
  await page.reload();
  await page.getByText("Your link lets you in").waitFor();
}, INVITE_ONLY);

webTest("A11 a server that does not answer is asked again", async (web) => {
  await web.rig.owner();
  const { path } = await link(web);
  const page = await web.open();
  let silent = true;
  await page.route("**/api/v1/CheckInvite", (route) => silent ? route.abort() : route.continue());
  await page.evaluate((hash) => location.hash = hash, path.slice(1));
  await refused(page, /could not be checked/);
  silent = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Your link lets you in").waitFor();
}, INVITE_ONLY);

webTest(
  "W13 whoever is logged in keeps the channel that is open, and the link for after logging out",
  async (web) => {
    const olga = await web.rig.owner();
    const { path } = await link(web);
    const page = await web.open(olga);
    await page.locator("#composer").waitFor();
    const { hash } = new URL(page.url());
    await page.evaluate((hash) => location.hash = hash, path.slice(1));
    await page.getByText("You are logged in already").waitFor();
    await eventually(() => new URL(page.url()).hash, hash);
    await page.locator("#composer").waitFor();
    await page.locator(".me").click();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByText("Your link lets you in").waitFor();
  },
);

webTest(
  "A9 L6 the links that are open are shown page by page; a new one comes first, a revoked one goes",
  async (web) => {
    const olga = await web.rig.owner();
    for (let made = 0; made < 3; made++) await link(web);
    const page = await web.open(olga);
    await chooseOfServer(page, "Invite people");
    const entries = page.locator("dialog .entries > li");
    const more = page.getByRole("button", { name: "Show more" });
    await count(entries, 2);
    await more.click();
    await count(entries, 3);
    await count(more, 0);
    await page.getByRole("button", { name: "Create a link" }).click();
    await count(entries, 4);
    await entries.first().getByRole("button", { name: "Revoke" }).click();
    await count(entries, 3);
    await count(page.locator(".invite-link"), 0);
  },
  { limits: { pageItems: 2 } },
);
