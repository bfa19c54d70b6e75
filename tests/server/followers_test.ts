/** O13 Followers of a server's log: what its operator sees of them, and what becomes of them at a handover. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { request } from "../../src/client/mod.ts";
import { examineFollowers } from "../../src/cli/doctor/settings.ts";
import { assertFolded, heavyFold, lightFold } from "../store/followers/folding.ts";
import { type Person, Rig, until } from "./rig.ts";

async function say(rig: Rig, { token }: Person, texts: number): Promise<void> {
  const { channels } = await request(rig.url, ["listChannels", {}], { token });
  for (let at = 0; at < texts; at++) {
    await request(rig.url, ["sendMessage", { channelId: channels[0]!.id, text: `text ${at}` }], { token });
  }
}

async function caughtUp(rig: Rig): Promise<void> {
  const { followers } = rig.app.core;
  await until(
    "the follower has caught up",
    () => followers.reports().every(({ lag, state }) => lag === 0 && state === "following"),
  );
}

Deno.test("O13 a follower is in the metrics and in doctor, and what is as it should be has no note", async () => {
  await using rig = await Rig.start({ settings: { metricsPort: 0 }, followers: [heavyFold()] });
  await say(rig, await rig.owner(), 5);
  await caughtUp(rig);
  assertFolded(rig.folder);
  const head = rig.app.core.store.lastPosition;
  const metrics = await (await fetch(`http://127.0.0.1:${rig.app.metricsPort}/metrics`)).text();
  ok(metrics.includes(`rookery_follower_position{follower="fold"} ${head}\n`), metrics);
  ok(metrics.includes('rookery_follower_lag{follower="fold"} 0\n'));
  ok(metrics.includes('rookery_follower_rebuilds_total{follower="fold"} 1\n'));
  deepEqual(await (await fetch(`${rig.url}/readyz`)).json(), { ready: true, failing: [] });
  const [finding] = await examineFollowers(rig.folder, { running: true });
  deepEqual([finding!.state, finding!.found], ["ok", `fold has seen ${head} of ${head} changes`]);
});

Deno.test("O13 a follower that fails is noted, logged and counted, and messages are stored", async () => {
  const before = () => {
    throw new Error("no network");
  };
  await using rig = await Rig.start({ settings: { metricsPort: 0 }, followers: [lightFold({ before })] });
  await say(rig, await rig.owner(), 5);
  await until("it has failed", () => rig.app.core.followers.reports()[0]!.failures > 0);
  const answer = await fetch(`${rig.url}/readyz`);
  equal(answer.status, 200);
  const { notes } = await answer.json();
  equal(notes[0].check, "follower");
  match(notes[0].reason, /^fold fails at 0 of \d+ changes and is tried again: no network$/);
  ok(rig.logged.some((line) => line.includes('"event":"follower_failing"') && line.includes("no network")));
  const metrics = await (await fetch(`http://127.0.0.1:${rig.app.metricsPort}/metrics`)).text();
  ok(metrics.includes('rookery_follower_failing{follower="fold"} 1\n'), metrics);
});

Deno.test("O10 O13 followers go over to the server that takes over, or go on when none does", async () => {
  await using rig = await Rig.start({ followers: [heavyFold()] });
  const olga = await rig.owner();
  await say(rig, olga, 3);
  const { folder } = rig.app;
  await folder.release();
  ok(await folder.reclaim());
  await say(rig, olga, 3);
  await caughtUp(rig);
  assertFolded(rig.folder);
  for (let handover = 0; handover < 3; handover++) {
    await say(rig, olga, 5);
    await rig.succeed();
    await say(rig, olga, 5);
  }
  await caughtUp(rig);
  assertFolded(rig.folder);
  equal(rig.app.core.followers.reports()[0]!.rebuilds, 0);
  deepEqual(rig.errors(), []);
});
