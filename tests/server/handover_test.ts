/** What clients of the server notice while another one takes over. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { request, RookeryError } from "../../src/client/mod.ts";
import { Rig, until } from "./rig.ts";
import { WireSocket } from "./wire_socket.ts";

Deno.test("O10 commands wait while the folder changes hands, and are stored if nobody takes it", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  await using client = await rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  const { folder } = rig.app;
  await folder.release();
  const sending = client.sendMessage(channelId!, "one");
  const posted = request(rig.url, ["sendMessage", { channelId: channelId!, text: "two" }], {
    token: olga.token,
  });
  // Reading goes on.
  equal((await client.history(channelId!)).messages.length, 0);
  deepEqual(await (await fetch(`${rig.url}/readyz`)).json(), { ready: true, failing: [] });
  await until("both wait", () => rig.app.core.chat.stats().queued === 2);
  ok(await folder.reclaim());
  ok((await sending).seq > 0);
  ok((await posted).seq > 0);
  equal((await client.history(channelId!)).messages.length, 2);
  equal(client.stats.connections, 1);
});

Deno.test("O10 what waits by POST is answered 503 when another takes over, and a retry with its key is done once", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  await using client = await rig.live(olga);
  const [channelId] = client.replica.channels.keys();
  const { folder, core } = rig.app;
  const post = () =>
    request(rig.url, ["sendMessage", { channelId: channelId!, text: "one" }], {
      token: olga.token,
      key: "k1",
    });
  const release = folder.release.bind(folder);
  let first: Promise<unknown> | undefined;
  folder.release = async () => {
    await release();
    first = post().then(() => "stored", (error: RookeryError) => error.code);
    await until("it waits", () => core.chat.stats().queued === 1);
  };
  await rig.succeed();
  equal(await first, "unavailable");
  const { seq } = await post();
  equal((await post()).seq, seq);
  await client.live();
  deepEqual((await client.history(channelId!)).messages.map(({ text }) => text), ["one"]);
});

Deno.test("O10 whoever is sent away is told when to come back, and nobody before the old one is gone", async () => {
  await using rig = await Rig.start();
  const people = [await rig.owner(), await rig.person("gil"), await rig.person("ann")];
  const wires = [];
  for (const { token } of people) wires.push(await WireSocket.open(rig.socketUrl, { token }));
  await rig.succeed();
  const times: number[] = [];
  for (const wire of wires) {
    const { code, retryAfterMs } = await wire.take("goodbye");
    equal(code, 3000);
    times.push(retryAfterMs);
    equal((await wire.closed).code, 3000);
  }
  equal(new Set(times).size, 3);
  ok(times.every((ms) => ms > 0 && ms < 2000));
});

Deno.test("O10 clients with something to send are back at once, the others soon, and nobody has missed anything", async () => {
  await using rig = await Rig.start();
  await using olga = await rig.live(await rig.owner());
  await using gil = await rig.live(await rig.person("gil"));
  const [channelId] = olga.replica.channels.keys();
  const heard: string[] = [];
  gil.on("message", ({ message }) => heard.push(message.text));
  const succession = rig.succeed();
  const sends = ["one", "two", "three"].map((text) => olga.sendMessage(channelId!, text));
  await succession;
  const stored = await Promise.all(sends);
  deepEqual(stored.map(({ seq }) => seq - stored[0]!.seq), [0, 1, 2]);
  await until("everybody is back and has heard all", () => gil.state.name === "live" && heard.length === 3);
  deepEqual(heard, ["one", "two", "three"]);
  for (const client of [olga, gil]) {
    const { doubled, gaps, reloads } = client.stats;
    deepEqual({ doubled, gaps, reloads }, { doubled: 0, gaps: 0, reloads: 0 });
  }
  deepEqual(rig.errors(), []);
});
