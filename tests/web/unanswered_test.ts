/** Pages of history that a server leaves unanswered on a connection that stays open. */
import assert from "node:assert/strict";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Page } from "playwright-core";
import { ClientFrameSchema } from "../../src/wire/gen/rookery/v1/frame_pb.ts";
import { enter, eventually, messageWith, RECONNECT, webTest } from "./browser.ts";

interface Loss {
  /** So many of the questions for history that follow get lost. */
  left: number;
  /** Connections there were. */
  sockets: number;
}

/** Takes questions for history out of what the page sends. */
async function loseHistory(page: Page): Promise<Loss> {
  const loss: Loss = { left: 0, sockets: 0 };
  await page.routeWebSocket(/\/api\/v1\/socket$/, (socket) => {
    loss.sockets++;
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const frame = fromBinary(ClientFrameSchema, data as Uint8Array);
      const kept = frame.commands.filter(({ body }) => {
        const lost = body.case === "getHistory" && loss.left > 0;
        if (lost) loss.left--;
        return !lost;
      });
      if (kept.length === frame.commands.length) server.send(data);
      else if (kept.length > 0) {
        frame.commands = kept;
        server.send(Buffer.from(toBinary(ClientFrameSchema, frame)));
      }
    });
  });
  await page.reload();
  await page.locator(".sidebar .channel").first().waitFor();
  return loss;
}

webTest("a channel whose messages do not come is asked for again, on the same connection", async (web) => {
  const olga = await web.rig.owner();
  const client = await web.rig.live(olga);
  const { id } = await client.createChannel("quiet");
  // More than what comes with the greeting: it has to be asked for.
  for (let i = 1; i <= 200; i++) await client.sendMessage(id, `message ${i}`);
  await client.close();
  const page = await web.open(olga);
  await enter(page, "general");
  const loss = await loseHistory(page);
  loss.left = 1;
  await enter(page, "quiet");
  await messageWith(page, "message 200").waitFor(RECONNECT);
  assert.equal(loss.left, 0);
  const first = page.locator(".message .text").first();
  const oldest = async () => Number((await first.innerText()).replace("message ", ""));
  // Where the page was slow, the list stood at its top for a moment, and a page more is there.
  await eventually(async () => [81, 21].includes(await oldest()), true);
  const before = await oldest();
  // And so is an older page.
  loss.left = 1;
  await page.locator(".scroller").evaluate((element) => element.scrollTo(0, 0));
  await eventually(() => loss.left, 0);
  await first.filter({ hasText: before === 81 ? /^message 21$/ : /^message 1$/ }).waitFor(RECONNECT);
  assert.equal(loss.sockets, 1);
});
