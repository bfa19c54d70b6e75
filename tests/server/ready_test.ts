/** O2 /readyz is red, and says why, for everything that keeps messages from being taken and stored. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { statfs } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { type ClientState, request, RookeryClient, serverInfo } from "../../src/client/mod.ts";
import { until } from "../until.ts";
import { RawWebSocket } from "./raw_http.ts";
import { Rig } from "./rig.ts";

const MIB = 1024 * 1024;

interface Answer {
  readonly status: number;
  readonly ready: boolean;
  readonly failing: readonly { readonly check: string; readonly reason: string }[];
}

async function ready(url: string): Promise<Answer> {
  const response = await fetch(`${url}/readyz`);
  equal(response.headers.get("content-type"), "application/json");
  return { status: response.status, ...await response.json() };
}

/** Waits until this fails; returns why, in words. */
async function red(rig: Rig, check: string): Promise<string> {
  let answer: Answer;
  let reason: string | undefined;
  await until(`${check} fails`, async () => {
    answer = await ready(rig.url);
    reason = answer.failing.find((failing) => failing.check === check)?.reason;
    return reason !== undefined;
  });
  deepEqual([answer!.status, answer!.ready], [503, false]);
  // The process is alive whatever it lacks.
  equal(await fetch(`${rig.url}/healthz`).then((answer) => answer.text()), "ok\n");
  return reason!;
}

async function green(rig: Rig): Promise<void> {
  await until("ready again", async () => (await ready(rig.url)).status === 200);
  deepEqual(await ready(rig.url), { status: 200, ready: true, failing: [] });
}

async function toldInLog(rig: Rig, event: string): Promise<void> {
  await until(`the log tells ${event}`, () => rig.logged.some((line) => line.includes(`"event":"${event}"`)));
}

Deno.test("O2 readyz says that nothing can be stored, and recovers without a command", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const { channels } = await request(rig.url, ["listChannels", {}], { token });
  const say = async () => {
    const message = { channelId: channels[0]!.id, text: "x".repeat(16_000) };
    return await request(rig.url, ["sendMessage", message], { token }).then(() => 0, ({ code }) => code);
  };
  await green(rig);
  rig.app.core.store.limitPages(1);
  // The pages that are free already are taken first.
  for (let tries = 0; await say() !== "unavailable"; tries++) equal(tries < 100, true);
  match(await red(rig, "commit"), /^The last write failed: .*full/);
  await toldInLog(rig, "not_ready");

  rig.app.core.store.limitPages(1_000_000);
  await green(rig);
  await toldInLog(rig, "ready_again");
  equal(await say(), 0);
});

Deno.test("O2 S5 a clock that was ahead is told in the log and by readyz, which stays green", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const { channels } = await request(rig.url, ["listChannels", {}], { token });
  const message = { channelId: channels[0]!.id, text: "of the future" };
  const aheadMs = Date.now() + 400 * 24 * 3600 * 1000;
  await rig.stop();
  {
    // As the clock's word would have made it.
    using db = new DatabaseSync(`${rig.folder}/rookery.db`);
    db.prepare("UPDATE event SET time_ms = ? WHERE rowid = (SELECT max(rowid) FROM event)").run(aheadMs);
  }
  await rig.resume();
  await toldInLog(rig, "clock_behind_data");
  const answer = await (await fetch(`${rig.url}/readyz`)).json();
  deepEqual([answer.ready, answer.failing, answer.notes[0].check], [true, [], "clock"]);
  ok(answer.notes[0].reason.includes(new Date(aheadMs).toISOString()));
  const said = await request(rig.url, ["sendMessage", message], { token });
  ok(said.timeMs <= aheadMs);
  equal(rig.logged.filter((line) => line.includes("clock_behind_data")).length, 1);
});

Deno.test("O2 readyz says that a write is stuck, while it is, and what may be the cause", async () => {
  await using rig = await Rig.start({ limits: { writerStuckMs: 500 } });
  const { token } = await rig.owner();
  const { channels } = await request(rig.url, ["listChannels", {}], { token });
  await green(rig);
  const other = new DatabaseSync(`${rig.folder}/rookery.db`);
  let sent: Promise<unknown>;
  try {
    other.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
    const message = { channelId: channels[0]!.id, text: "waits" };
    sent = request(rig.url, ["sendMessage", message], { token, key: "waits" }).catch(({ code }) => code);
    match(await red(rig, "writer"), /^A write has taken \d+ s so far: .*another program holds the database$/);
    other.exec("ROLLBACK");
  } finally {
    other.close();
  }
  await sent;
  await green(rig);
});

Deno.test("O2 readyz says that the server is stopping", async () => {
  await using rig = await Rig.start();
  const olga = await rig.owner();
  // It takes its farewell never, so that the end takes its time.
  using peer = await RawWebSocket.connect(rig.app.port, olga.token);
  await until("the peer is there", () => rig.app.core.chat.stats().connections === 1);
  const { url } = rig;
  const stopping = rig.stop();
  const { status, failing } = await ready(url);
  deepEqual([status, failing[0]?.check], [503, "draining"]);
  await stopping;
  void peer;
});

Deno.test("O2 O10 readyz is green while a successor serves at the same place, red when it serves elsewhere", async () => {
  await using rig = await Rig.start();
  const { token } = await rig.owner();
  const { url, app } = rig;
  const { port } = app;
  const command = async () => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/api/v1/GetServerInfo`, { method: "POST", headers, body: "{}" });
    await response.body?.cancel();
    return response.status;
  };
  equal(await command(), 200);
  app.leave({ host: "127.0.0.1", port: port + 1 });
  deepEqual([(await ready(url)).failing[0]?.check, await command()], ["draining", 503]);
  await rejects(serverInfo(url), { code: "unavailable", message: "The server is stopping" });
  const told: ClientState[] = [];
  await using client = new RookeryClient(url, { token });
  client.on("state", (state) => told.push(state));
  client.connect();
  await until("the client waits", () => told.at(-1)?.name === "waiting");
  const waiting = told.at(-1);
  ok(waiting?.name === "waiting");
  deepEqual([waiting.obstacle, waiting.error.message], ["refused", "The server is stopping"]);
  app.leave({ host: "127.0.0.1", port });
  deepEqual([await ready(url), await command()], [{ status: 200, ready: true, failing: [] }, 503]);
});

Deno.test("O2 O10 readyz says that another server has the data folder for too long", async () => {
  await using rig = await Rig.start();
  await green(rig);
  const { folder } = rig.app;
  await folder.release();
  match(await red(rig, "takeover"), /^Commands are refused: another server is taking over$/);
  ok(await folder.reclaim());
  await green(rig);
});

Deno.test("O2 readyz says that the loop stands still for most of the time", async () => {
  await using rig = await Rig.start();
  await green(rig);
  const blockedUntilMs = performance.now() + 6500;
  while (performance.now() < blockedUntilMs);
  match(await red(rig, "loop"), /^The event loop stood still for \d+ of the last 10 s: /);
  await green(rig);
});

/** A small file system of its own; undefined where that cannot be had. */
async function smallDisk(sizeMib: number): Promise<{ path: string } & AsyncDisposable | undefined> {
  const path = await Deno.makeTempDir({ prefix: "rookery_" });
  const run = async (...[command, ...args]: string[]) => {
    try {
      return (await new Deno.Command(command!, { args, stdout: "null", stderr: "null" }).output()).success;
    } catch {
      return false;
    }
  };
  const remove = () => Deno.remove(path, { recursive: true });
  if (!await run("mount", "-t", "tmpfs", "-o", `size=${sizeMib}m,mode=0700`, "tmpfs", path)) {
    await remove();
    return undefined;
  }
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (!await run("umount", path)) await run("umount", "--lazy", path);
      await remove();
    },
  };
}

Deno.test("O2 L10 readyz says that the disk is nearly full; nothing new is stored, and what is there can be deleted", async () => {
  await using disk = await smallDisk(48);
  if (!disk) {
    console.log("SKIPPED: a small file system takes root and mount");
    return;
  }
  const limits = { diskRoomBytes: 16 * 1024 * 1024, diskCheckMs: 20 };
  await using rig = await Rig.start({ limits, settings: { data: `${disk.path}/data` } });
  const { token } = await rig.owner();
  const { channels } = await request(rig.url, ["listChannels", {}], { token });
  const channelId = channels[0]!.id;
  const { seq } = await request(rig.url, ["sendMessage", { channelId, text: "first" }], { token });
  await green(rig);
  const filler = `${disk.path}/filler`;
  const fillTo = async (freeMib: number) => {
    await until("the disk is full, and the server knows", async () => {
      const { bavail, bsize } = await statfs(disk.path);
      if (bavail * bsize > (freeMib + 1) * MIB) {
        // In the moment in which the server looks, there may be no room.
        await Deno.writeFile(filler, new Uint8Array(MIB), { append: true }).catch(() => {});
      }
      return (rig.app.core.store.diskFree ?? Infinity) <= (freeMib + 1) * MIB;
    });
  };
  await fillTo(10);
  match(
    await red(rig, "disk"),
    /^The data folder's disk has less than 16 MiB left, make room: (\d+ MiB are free|.*space)/i,
  );
  await rejects(
    request(rig.url, ["sendMessage", { channelId, text: "more" }], { token }),
    /disk is nearly full/,
  );
  const edit = (text: string) =>
    request(rig.url, ["editMessage", { channelId, messageSeq: seq, text }], { token });
  await edit("worst");
  await rejects(edit("longest"), /disk is nearly full/);
  // Below the last quarter nothing is written for anybody, and SQLite never meets a full disk.
  await fillTo(3);
  const remove = () => request(rig.url, ["deleteMessage", { channelId, messageSeq: seq }], { token });
  await rejects(remove(), /disk is nearly full/);
  await Deno.truncate(filler, (await Deno.stat(filler)).size - 6 * MIB);
  await until("there is a little room again", () => remove().then(() => true, () => false));
  deepEqual([rig.app.core.store.failure, rig.app.core.chat.stats().failures], [undefined, 0]);
  // Who may not write at the moment knows nothing better of the disk.
  await rig.app.folder.release();
  await red(rig, "takeover");
  ok(rig.app.core.store.diskLow !== undefined);
  ok(await rig.app.folder.reclaim());
  await red(rig, "disk");
  await Deno.remove(filler);
  await green(rig);
});

Deno.test("O2 what the server writes to see whether there is room is nowhere to be found", async () => {
  await using rig = await Rig.start({ limits: { diskCheckMs: 5 } });
  const names = new Set<string>();
  const endMs = performance.now() + 300;
  while (performance.now() < endMs) {
    for await (const { name } of Deno.readDir(rig.folder)) names.add(name);
  }
  ok(names.has("rookery.db"));
  deepEqual([...names].filter((name) => name.includes("room")), []);
});
