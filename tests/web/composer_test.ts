import assert from "node:assert/strict";
import { eventually, holds, messageWith, say, storedWith, texts, webTest } from "./browser.ts";

webTest("an emoji picked with Enter goes into the text alone", async (web) => {
  const page = await web.open(await web.rig.owner());
  await page.fill("#composer", "With ");
  await page.getByRole("button", { name: "Insert an emoji" }).click();
  await page.getByLabel("Search emoji").fill("heart");
  await page.locator(".emoji-board .target[aria-label='red heart']").waitFor();
  await page.getByText("Enter picks: red heart").waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".emoji-picker").waitFor({ state: "detached" });
  const composer = page.locator("#composer");
  await holds(composer, "With ❤️");
  await composer.press("Control+z");
  await holds(composer, "With ", "and can be undone");
});

webTest("the Enter that ends a composed word does not send, in Safari either", async (web) => {
  const page = await web.open(await web.rig.owner());
  await page.fill("#composer", "にほんご");
  const press = (keyCode: number) =>
    page.locator("#composer").evaluate((box, keyCode) => {
      box.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", keyCode, bubbles: true, cancelable: true }),
      );
    }, keyCode);
  await press(229);
  // Had it sent, this would be another message.
  await page.locator("#composer").pressSequentially("、えいご");
  await press(13);
  await storedWith(page, "にほんご、えいご").waitFor();
  await eventually(texts(page), ["にほんご、えいご"]);
});

webTest("the focus does not come late where frames are rare", async (web) => {
  const page = await web.open(await web.rig.owner());
  await say(page, "one");
  await storedWith(page, "one").waitFor();
  await page.evaluate(() => {
    const frame = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = (call) => frame((ms) => setTimeout(() => call(ms), 1_000));
  });
  await page.press("#composer", "ArrowUp");
  await page.locator(".composer.editing").waitFor();
  await page.locator(".message").last().focus();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.equal(await page.locator(".message:focus").count(), 1, "the focus stays where it was put since");
});

webTest("a message that is deleted while it is edited leaves its new text as a new message", async (web) => {
  const olga = await web.rig.owner();
  const page = await web.open(olga);
  const client = await web.rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  for (const typed of ["first", "first, improved"]) {
    const { seq } = await client.sendMessage(channelId!, "first");
    await messageWith(page, "first").and(page.locator(`[data-seq="${seq}"]`)).waitFor();
    await page.press("#composer", "ArrowUp");
    await page.locator(".composer.editing").waitFor();
    await page.fill("#composer", typed);
    await client.deleteMessage({ channelId: channelId!, seq });
    await page.locator(".composer.editing").waitFor({ state: "detached" });
    await holds(page.locator("#composer"), typed === "first" ? "" : typed);
  }
  await client.close();
  await page.press("#composer", "Enter");
  await storedWith(page, "first, improved").waitFor();
});
