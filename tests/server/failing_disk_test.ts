/** A disk that takes nothing: senders try again, and nobody else notices. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { Rig, until } from "./rig.ts";

const LARGE = "x".repeat(16_000);

Deno.test("D4 while commits fail, readers read, are answered and stay connected; senders' commands arrive once", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  const pia = await rig.person("pia");
  await using sender = await rig.live(olga);
  await using reader = await rig.live(pia);
  const [channelId] = sender.replica.channels.keys();
  await sender.sendMessage(channelId!, "before");
  const { store } = rig.app.core;
  store.limitPages(1);
  // The pages that are free already are taken first.
  for (let tries = 0; store.failure === undefined; tries++) {
    ok(tries < 200, "the disk is full in the end");
    await request(rig.url, ["sendMessage", { channelId: channelId!, text: LARGE }], { token: olga.token })
      .catch(({ code }) => equal(code, "unavailable"));
  }
  const stored = store.head(channelId!);
  const texts = Array.from({ length: 20 }, (_, index) => `${index} ${LARGE}`.slice(0, 8000));
  const sent = texts.map((text) => sender.sendMessage(channelId!, text));
  for (const answer of sent) answer.catch(() => {});
  await until("it was sent more than once", () => rig.app.core.chat.stats().failures > 3, 60_000);

  equal(store.head(channelId!), stored, "nothing is stored");
  equal(await fetch(`${rig.url}/healthz`).then((answer) => answer.text()), "ok\n");
  match(
    await fetch(`${rig.url}/readyz`).then((answer) => answer.text()),
    /"check":"commit","reason":"[^"]*full/,
  );
  await using late = await rig.live(pia);
  equal(late.replica.channels.get(channelId!)!.headSeq, stored, "who comes now is let in");
  for (let asked = 0; asked < 5; asked++) {
    const page = await reader.call("getHistory", { channelId: channelId!, limit: 50 });
    equal(page.messages.at(-1)!.seq, stored);
  }
  const typing = new Promise((resolve) => reader.on("typing", resolve));
  reader.watch([channelId!]);
  // Answered behind the watching.
  await reader.call("listChannels", {});
  sender.setTyping(channelId!);
  await typing;
  deepEqual([sender.pending().length, reader.state.name], [texts.length, "live"]);

  store.limitPages(1_000_000);
  const answers = await Promise.all(sent);
  deepEqual(answers.map(({ seq }) => seq).sort((a, b) => a - b), texts.map((_, index) => stored + index + 1));
  const held = reader.replica.channels.get(channelId!)!;
  await until("the reader has everything", () => held.headSeq === stored + texts.length);
  deepEqual(held.messages.slice(-texts.length).map(({ text }) => text).sort(), texts.toSorted());
  for (const { stats: { connections, doubled, gaps, reloads } } of [sender, reader]) {
    deepEqual({ connections, doubled, gaps, reloads }, { connections: 1, doubled: 0, gaps: 0, reloads: 0 });
  }
});
