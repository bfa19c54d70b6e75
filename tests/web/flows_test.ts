import assert from "node:assert/strict";
import {
  choose,
  chooseOfServer,
  count,
  enter,
  eventually,
  holds,
  messageWith,
  say,
  webTest,
} from "./browser.ts";
import type { Page } from "playwright-core";

async function join(page: Page, name: string, displayName: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Display name").fill(displayName);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: /^(Join|Become the owner)$/ }).click();
  await page.locator("#composer").waitFor();
}

webTest("W13 the owner's link, an invite, logging out and in", async (web) => {
  const page = await web.open(undefined, { path: `/${new URL(web.rig.app.ownerLink!).hash}` });
  await page.locator("form").waitFor();
  await eventually(() => page.url(), `${web.rig.url}/`, { message: "the secret has left the address bar" });
  await join(page, "olga", "Olga Ω");
  await chooseOfServer(page, "Invite people");
  await page.getByRole("button", { name: "Create a link" }).click();
  const link = await page.getByLabel("Invite link").inputValue();
  assert.match(link, /#invite=[\w-]+$/);
  await page.keyboard.press("Escape");

  const guest = await web.open(undefined, { path: `/${new URL(link).hash}` });
  await join(guest, "gil", "");
  await eventually(() => guest.locator(".room-head h2").innerText(), "general");
  await guest.reload();
  await guest.locator("#composer").waitFor();
  await guest.locator(".me").click();
  await guest.getByRole("button", { name: "Log out" }).click();
  await guest.getByLabel("Name", { exact: true }).fill("GIL");
  await guest.getByLabel("Password").fill("a wrong password");
  await guest.getByRole("button", { name: "Log in" }).click();
  await guest.getByRole("alert").waitFor();
  await guest.getByLabel("Password").fill("correct horse battery");
  await guest.getByRole("button", { name: "Log in" }).click();
  await guest.locator("#composer").waitFor();
});

webTest(
  "A13 a channel's name may be of every script; one that mixes alphabets is told before it is sent",
  async (web) => {
    const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
    const page = await web.open(olga);
    await choose(page, "Browse channels");
    await page.getByRole("dialog").getByRole("button", { name: "New channel" }).click();
    const name = page.getByLabel("Name", { exact: true });
    // A Cyrillic а.
    await name.fill("pаypal");
    await page.getByRole("button", { name: "Create", exact: true, disabled: true }).waitFor();
    await name.fill("Новости Büro");
    await page.getByRole("button", { name: "Create" }).click();
    await page.locator(".room-head h2", { hasText: "новости-büro" }).waitFor();

    const other = await web.open(gil);
    await choose(other, "Browse channels");
    await other.getByLabel("Filter by name").fill("НОВ");
    await other.getByRole("button", { name: "Join" }).click();
    await other.locator(".room-head h2", { hasText: "новости-büro" }).waitFor();
  },
);

webTest("channels are made, found, joined, changed and left", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(olga);
  await choose(page, "Browse channels");
  await page.getByRole("dialog").getByRole("button", { name: "New channel" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Bird Watching");
  await page.getByLabel("Topic").fill("What was seen");
  await page.getByRole("button", { name: "Create" }).click();
  await page.locator(".room-head h2", { hasText: "bird-watching" }).waitFor();

  const other = await web.open(gil);
  await choose(other, "Browse channels");
  await other.getByLabel("Filter by name").fill("bird");
  await other.getByRole("button", { name: "Join" }).click();
  await other.locator(".room-head h2", { hasText: "bird-watching" }).waitFor();
  await say(other, "A heron!");
  await messageWith(page, "A heron!").waitFor();

  await page.getByRole("button", { name: "Channel settings" }).click();
  await page.getByLabel("Topic").fill("Herons only");
  await page.getByRole("button", { name: "Save" }).click();
  await other.locator(".topic", { hasText: "Herons only" }).waitFor();
  await page.getByRole("button", { name: "Archive" }).click();
  await other.locator(".closed").waitFor();
  await page.getByRole("button", { name: "Unarchive" }).click();
  await other.locator("#composer").waitFor();
  await other.getByRole("button", { name: "Channel settings" }).click();
  await other.getByRole("button", { name: "Leave channel" }).click();
  await other.getByText("You can come back any time").waitFor();
  await other.getByRole("button", { name: "Leave channel" }).click();
  await other.locator(".channel", { hasText: "bird-watching" }).waitFor({ state: "detached" });
});

webTest("a message is answered, edited, reacted to and deleted, and both sides see it", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const [page, other] = [await web.open(olga), await web.open(gil)];
  await say(page, "Shall we?");
  await messageWith(other, "Shall we?").hover();
  await other.getByRole("button", { name: "Reply" }).click();
  await say(other, "We shall.");
  const answer = messageWith(page, "We shall.");
  await answer.locator(".quoted", { hasText: /olga.*Shall we\?/s }).waitFor();

  await messageWith(other, "Shall we?").first().hover();
  await other.getByRole("button", { name: "Add a reaction" }).first().click();
  await other.getByLabel("Search emoji").fill("rocket");
  await other.locator(".emoji-board").getByRole("button", { name: "rocket", exact: true }).waitFor();
  await other.getByLabel("Search emoji").press("Enter");
  await page.locator(".reaction", { hasText: "🚀" }).click();
  await other.locator(".reaction", { hasText: "2" }).waitFor();
  await page.locator(".reaction[aria-pressed=true]", { hasText: "2" }).click();
  await other.locator(".reaction", { hasText: "1" }).waitFor();

  await page.locator("#composer").press("ArrowUp");
  await page.locator(".composer.editing").waitFor();
  await say(page, "Shall we begin?");
  await messageWith(other, "Shall we begin?").first().locator(".edited").waitFor();

  await messageWith(page, "Shall we begin?").first().hover();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await other.locator(".tombstone").waitFor();
});

webTest("mentions are completed, call, and are counted in the title", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const [page, other] = [await web.open(olga), await web.open(gil)];
  await choose(other, "Browse channels");
  await other.getByRole("button", { name: "New channel" }).click();
  await other.getByLabel("Name", { exact: true }).fill("elsewhere");
  await other.getByRole("button", { name: "Create" }).click();
  await other.locator(".room-head h2", { hasText: "elsewhere" }).waitFor();

  await page.locator("#composer").pressSequentially("Hello @g");
  await page.getByRole("option", { name: /gil/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() =>
    document.querySelector<HTMLTextAreaElement>("#composer")!.value === "Hello @gil "
  );
  await page.keyboard.type("!");
  await page.keyboard.press("Enter");
  await other.locator(".badge.calling", { hasText: "1" }).waitFor();
  await other.waitForFunction(() => document.title.startsWith("(1) "));
  await enter(other, "general");
  await other.locator(".mention.mine", { hasText: "@gil" }).waitFor();
  await other.waitForFunction(() => document.title.startsWith("#general"));
});

webTest("conversations with one and with several people; the switcher", async (web) => {
  const [olga, gil, mia] = [await web.rig.owner(), await web.rig.person("gil"), await web.rig.person("mia")];
  const [page, other, third] = [await web.open(olga), await web.open(gil), await web.open(mia)];
  await page.keyboard.press("Control+k");
  await page.getByLabel("Channel or person").fill("gil");
  await page.getByRole("option", { name: /gil/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".room-head h2", { hasText: "gil" }).waitFor();
  await say(page, "Just us two");
  await other.locator(".channel", { hasText: "olga" }).locator(".badge.calling").waitFor();

  await page.getByRole("button", { name: "New message" }).click();
  await page.getByRole("checkbox", { name: /gil/ }).check();
  await page.getByRole("checkbox", { name: /mia/ }).check();
  await page.getByRole("button", { name: "Start talking" }).click();
  await page.locator(".room-head h2", { hasText: "gil, mia" }).waitFor();
  await say(page, "All of us");
  await enter(third, "gil, olga");
  await messageWith(third, "All of us").waitFor();
});

webTest("the profile, the devices, and ending one of them", async (web) => {
  const olga = await web.rig.owner();
  const [page, phone] = [await web.open(olga), await web.open()];
  await phone.getByLabel("Name", { exact: true }).fill("olga");
  await phone.getByLabel("Password").fill(olga.password);
  await phone.getByRole("button", { name: "Log in" }).click();
  await phone.locator("#composer").waitFor();
  await phone.locator("#composer").fill("not sent yet");

  await page.locator(".me").click();
  await page.getByLabel("Display name").fill("Olga the Owl");
  await page.getByRole("button", { name: "Save" }).click();
  await phone.locator(".me .name", { hasText: "Olga the Owl" }).waitFor();
  await page.locator(".entries li", { hasText: "Chrome, Linux" }).getByRole("button", { name: "End session" })
    .click();
  await phone.getByText("Your session has ended").waitFor();
  await phone.getByLabel("Name", { exact: true }).fill("olga");
  await phone.getByLabel("Password").fill(olga.password);
  await phone.getByRole("button", { name: "Log in" }).click();
  await phone.locator("#composer").waitFor();
  await holds(phone.locator("#composer"), "not sent yet");
});

webTest("members, presence and typing", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const page = await web.open(olga);
  await page.getByRole("button", { name: "Members" }).click();
  await page.locator(".members .member", { hasText: "gil" }).locator(".presence.offline").waitFor();
  const other = await web.open(gil);
  await page.locator(".members .member", { hasText: "gil" }).locator(".presence.online").waitFor();
  // Who pauses is forgotten after a while: on a busy machine one has to go on until it is seen.
  let seen = false;
  const watching = page.locator(".typing", { hasText: "gil is typing" }).waitFor().finally(() => seen = true);
  watching.catch(() => {});
  while (!seen) await other.locator("#composer").press("x");
  await watching;
  await other.context().close();
  await page.locator(".members .member", { hasText: "gil" }).locator(".presence.offline").waitFor();
});

webTest("all members can be shown, also when somebody joins between two pages", async (web) => {
  const olga = await web.rig.owner();
  for (const name of ["ann", "ben", "cat", "dan", "eve"]) await web.rig.person(name);
  const page = await web.open(olga);
  await page.getByRole("button", { name: "Members" }).click();
  const members = page.locator(".members .member");
  const more = page.locator(".members").getByRole("button", { name: "Show more" });
  await more.waitFor();
  await count(members, 3);
  await web.rig.person("late");
  await count(members, 4);
  await more.click();
  await count(members, 7);
  await more.click();
  await more.waitFor({ state: "detached" });
  await count(members, 7);
}, { limits: { pageItems: 3, watchedIds: 3 } });
