/** What the page says at the door, and to whoever is in no channel. */
import { count, eventually, PATIENCE_MS, webTest } from "./browser.ts";

webTest("a wrong password is told in the language of the page alone", async (web) => {
  await web.rig.owner();
  for (
    const [locale, name, password, words] of [
      ["de-DE", "Anmelden", "Passwort", "Name oder Passwort stimmen nicht."],
      ["en-GB", "Log in", "Password", "Name or password is wrong"],
    ] as const
  ) {
    const page = await web.open(undefined, { locale });
    await page.getByLabel("Name", { exact: true }).fill("olga");
    await page.getByLabel(password).fill("not her password");
    await page.getByRole("button", { name }).click();
    await eventually(() => page.getByRole("alert").innerText(), words);
    await page.context().close();
  }
});

webTest("the door without an answer of the server says so, and learns its name later", async (web) => {
  const page = await web.open(undefined, { locale: "de-DE" });
  let away = true;
  await page.route("**/api/**", (route) => away ? route.abort() : route.continue());
  await page.reload();
  await page.getByLabel("Name", { exact: true }).fill("olga");
  await page.getByLabel("Passwort").fill("correct horse battery");
  await page.getByRole("button", { name: "Anmelden" }).click();
  await eventually(() => page.getByRole("alert").innerText(), "Der Server ist gerade nicht zu erreichen.");
  await count(page.getByRole("heading", { name: "Saltmarsh" }), 0);
  away = false;
  await page.getByRole("heading", { name: "Saltmarsh" }).waitFor({ timeout: 2 * PATIENCE_MS });
  // Anybody may register here: only now the page knows.
  await page.getByRole("button", { name: "Ich brauche ein Konto" }).waitFor();
}, { settings: { name: "Saltmarsh" } });

webTest("whoever is in no channel is offered those there are, and to make one", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const [owner, client] = [await web.rig.live(olga), await web.rig.live(gil)];
  const [channelId] = client.replica.channels.keys();
  const page = await web.open(gil);
  await page.locator("#composer").waitFor();
  await owner.banMember(channelId!, gil.user.id);
  const main = page.getByRole("main");
  await main.getByText("You are no longer in #general").waitFor();
  await main.getByRole("button", { name: "New channel" }).click();
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("marsh");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.locator(".room-head h2", { hasText: "marsh" }).waitFor();
  const made = await client.listChannels({ prefix: "marsh" });
  await client.leaveChannel(made.channels[0]!.id);
  await main.getByRole("button", { name: "Browse channels" }).click();
  await page.getByRole("dialog", { name: "Browse channels" }).getByText("marsh").waitFor();
  await Promise.all([owner.close(), client.close()]);
});

webTest("a long window keeps its way out in sight", async (web) => {
  const page = await web.open(await web.rig.owner(), { viewport: { width: 320, height: 500 } });
  await page.locator(".me").click();
  const out = page.getByRole("button", { name: "Log out" });
  await out.scrollIntoViewIfNeeded();
  const scrolled = () => page.locator(".dialog-body").evaluate((body) => body.scrollTop > 100);
  await eventually(scrolled, true);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
