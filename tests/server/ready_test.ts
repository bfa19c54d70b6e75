/** /readyz while the disk does not take what is written. */
import { equal, match } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { Rig } from "./rig.ts";

async function ready(rig: Rig): Promise<{ status: number; text: string }> {
  const response = await fetch(`${rig.url}/readyz`);
  return { status: response.status, text: await response.text() };
}

Deno.test("O2 readyz says that nothing can be stored, and recovers without a command", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const { channels } = await request(rig.url, ["listChannels", {}], { token });
  const say = async () => {
    const message = { channelId: channels[0]!.id, text: "x".repeat(16_000) };
    return await request(rig.url, ["sendMessage", message], { token }).then(() => 0, ({ code }) => code);
  };
  equal((await ready(rig)).status, 200);
  rig.app.core.store.limitPages(1);
  // The pages that are free already are taken first.
  for (let tries = 0; await say() !== "unavailable"; tries++) equal(tries < 100, true);
  const red = await ready(rig);
  equal(red.status, 503);
  match(red.text, /^not ready: .*full/);
  equal(await fetch(`${rig.url}/healthz`).then((answer) => answer.text()), "ok\n");

  rig.app.core.store.limitPages(1_000_000);
  const deadline = performance.now() + 60_000;
  while ((await ready(rig)).status !== 200) {
    equal(performance.now() < deadline, true, "Not ready again");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  equal(await say(), 0);
});
