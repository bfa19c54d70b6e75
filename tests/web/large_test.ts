import assert from "node:assert/strict";
import { seed } from "../../bench/seed.ts";
import { PATIENCE_MS, webTest } from "./browser.ts";

const MESSAGES = 100_000;
/** Of a hundred messages each; `deno task measure-web` scrolls through all. */
const PAGES = 100;

webTest(
  "a channel of 100,000 messages opens with few of them, scrolls to its beginning and keeps little",
  async (web) => {
    const { port } = web.rig.app;
    await web.rig.stop();
    await Deno.remove(web.rig.folder, { recursive: true });
    await Deno.mkdir(web.rig.folder);
    const channels = [{ name: "large", members: [0, 1, 2] }];
    const { userIds, tokens, channelIds } = await seed(web.rig.folder, {
      users: 3,
      channels,
      messages: MESSAGES,
    });
    await web.rig.resume(port);
    const reader = await web.rig.reader(tokens[0]!);
    await reader.markRead(channelIds[0]!, reader.replica.channels.get(channelIds[0]!)!.headSeq);
    await reader.close();

    const page = await web.open({ token: tokens[0]!, user: { id: userIds[0]! } });
    await page.locator(".message").last().waitFor();
    const opened = await page.locator(".message").count();
    assert.ok(opened <= 180, `${opened} messages are loaded at first`);
    const session = await page.context().newCDPSession(page);
    const heapBytes = async () => {
      await session.send("HeapProfiler.collectGarbage");
      return (await session.send("Runtime.getHeapUsage")).usedSize;
    };
    const before = await heapBytes();
    await page.locator(".scroller").evaluate(async (element, { pages, patienceMs }) => {
      const firstSeq = () => element.querySelector("[data-seq]")!.getAttribute("data-seq");
      for (let page = 0; page < pages; page++) {
        const first = firstSeq();
        const deadline = performance.now() + patienceMs;
        element.scrollTop = 0;
        while (firstSeq() === first) {
          if (performance.now() > deadline) throw new Error(`Page ${page} does not come`);
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      }
    }, { pages: PAGES, patienceMs: PATIENCE_MS });
    const grown = await heapBytes() - before;
    assert.ok(await page.locator(".message").count() <= 300);
    assert.ok(grown < 10 * 1024 * 1024, `the heap has grown by ${Math.round(grown / 1024)} KiB`);
    await page.locator(".message").first().focus();
    await page.keyboard.press("Home");
    await page.locator(".beginning").waitFor();
    await page.getByRole("button", { name: "Jump to the latest" }).click();
    await page.locator(`[data-seq="${MESSAGES + 4}"]`).waitFor();
  },
);
