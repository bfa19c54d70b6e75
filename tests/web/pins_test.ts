import { deepEqual, equal } from "node:assert/strict";
import { openDialog, say, storedWith, webTest } from "./browser.ts";

webTest("M9 a message is pinned, found among the pins, shown in its place and unpinned", async (web) => {
  const [olga, gil] = [await web.rig.owner(), await web.rig.person("gil")];
  const client = await web.rig.live(gil);
  const [channelId] = client.replica.channels.keys();
  const page = await web.open(olga);
  await openDialog(page, "Pinned messages");
  await page.getByText("Nothing is pinned here yet. Pin what everybody should find").waitFor();
  await page.keyboard.press("Escape");
  await say(page, "the **plan** for May");
  const { seq } = await client.sendMessage(channelId!, "what gil said");
  await storedWith(page, "the plan for May").hover();
  await page.getByRole("button", { name: "Pin", exact: true }).click();
  await storedWith(page, "the plan for May").locator(".pinned").waitFor();
  // More than is loaded around the end.
  await Promise.all(Array.from({ length: 150 }, (_, at) => client.sendMessage(channelId!, `filler ${at}`)));
  await openDialog(page, "Pinned messages");
  const pins = page.locator(".pins li");
  await pins.filter({ hasText: "the **plan** for May" }).getByText("Pinned by olga").waitFor();
  // The open list follows what others do.
  const owner = await web.rig.live(olga);
  await owner.pinMessage({ channelId: channelId!, seq });
  await pins.nth(1).waitFor();
  deepEqual(await pins.locator(".excerpt").allInnerTexts(), ["what gil said", "the **plan** for May"]);
  await pins.last().getByRole("button", { name: "Show" }).click();
  await page.locator(".message.marked", { hasText: "the plan for May" }).waitFor();
  await openDialog(page, "Pinned messages");
  await pins.first().getByRole("button", { name: "Unpin" }).click();
  await pins.nth(1).waitFor({ state: "detached" });
  equal(await pins.count(), 1);
  await page.keyboard.press("Escape");
  await owner.unpinMessage({
    channelId: channelId!,
    seq: (await owner.listPins(channelId!)).pins[0]!.message!.seq,
  });
  await storedWith(page, "the plan for May").locator(".pinned").waitFor({ state: "detached" });

  const other = await web.open(gil);
  await storedWith(other, "filler 149").hover();
  await other.getByRole("button", { name: "Reply" }).waitFor();
  equal(await other.getByRole("button", { name: "Pin", exact: true }).count(), 0);
  await openDialog(other, "Pinned messages");
  await other.getByText("Nothing is pinned here yet.", { exact: true }).waitFor();
  await client.close();
  await owner.close();
});
