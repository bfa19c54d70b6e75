/** When a store looks whether the disk has room, and what it then says. */
import assert from "node:assert/strict";
import { DiskWatch } from "../../src/store/disk/disk_watch.ts";
import { DiskSpace } from "../../src/store/disk/disk_space.ts";
import { until } from "../until.ts";

Deno.test("another room is looked for soon, and what was found for the one before does not count", async () => {
  const asked: number[] = [];
  let answer: PromiseWithResolvers<void> = Promise.withResolvers();
  await using watch = new DiskWatch({
    free: () => Promise.resolve(undefined),
    need(bytes) {
      asked.push(bytes);
      answer = Promise.withResolvers();
      return answer.promise;
    },
    busy: () => false,
    room: { bytes: 100, checkMs: 3_600_000 },
  });
  await until("it looks", () => asked.length === 1);
  // The settings change while it looks.
  watch.watch({ bytes: 7, checkMs: 3_600_000 });
  answer.reject(new Error("no room for 100"));
  await until("it looks again", () => asked.length === 2);
  assert.deepEqual([asked[1], watch.low], [7, undefined]);
  answer.reject(new Error("no room for 7"));
  await until("it says so", () => watch.low === "no room for 7");
  watch.watch({ bytes: 5, checkMs: 3_600_000 });
  await until("it looks once more", () => asked.at(-1) === 5);
  answer.resolve();
  await until("there is room", () => watch.low === undefined);
});

Deno.test("it does not look while something has to be written", async () => {
  let busy = 3;
  let asked = 0;
  await using watch = new DiskWatch({
    free: () => Promise.resolve(undefined),
    need: () => Promise.resolve(void asked++),
    busy: () => busy-- > 0,
    room: { bytes: 1, checkMs: 10 },
  });
  await until("it looks", () => asked > 0);
  assert.ok(busy < 0);
  assert.equal(watch.low, undefined);
});

Deno.test("nothing is written while the system says that there is plenty, or too little; near the floor it is tried", async () => {
  let free: number | undefined = 1000;
  let looks = 0;
  const written: number[] = [];
  await using watch = new DiskWatch({
    free: () => Promise.resolve((looks++, free)),
    need(bytes) {
      written.push(bytes);
      return Promise.reject(new Error("over the quota"));
    },
    busy: () => false,
    room: { bytes: 100, checkMs: 5 },
  });
  const seen = () => {
    const before = looks;
    return until("it has looked twice more", () => looks >= before + 2);
  };
  await seen();
  assert.deepEqual([written, watch.low, watch.free], [[], undefined, 1000]);
  free = 99;
  await until("it says so", () => watch.low !== undefined);
  assert.deepEqual([written, watch.low], [[], "0 MiB are free"]);
  free = 200;
  await until("it has tried", () => watch.low === "over the quota");
  // Half of it tells how much may be written all the same.
  assert.ok(written.length > 0 && written.every((bytes) => bytes === 100 || bytes === 50));
  free = 400;
  await until("there is plenty", () => watch.low === undefined);
});

Deno.test("L10 below the floor so much is given out as is free above the last quarter, once from look to look", async () => {
  let free: number | undefined = 1000;
  let looks = 0;
  let quota = 0;
  await using watch = new DiskWatch({
    free: () => Promise.resolve((looks++, free)),
    need: (bytes) => bytes <= quota ? Promise.resolve() : Promise.reject(new Error("over the quota")),
    busy: () => true,
    room: { bytes: 100, checkMs: 1 },
  });
  await until("it looks", () => looks > 0);
  assert.ok(watch.take(1_000_000), "nothing is counted while there is room");
  free = 90;
  await until("it is low, though something is always written", () => watch.low !== undefined);
  await until("it gives out", () => watch.take(60));
  assert.equal(watch.take(60), false, "65 were there");
  free = 25;
  const before = looks;
  await until("it has looked twice more", () => looks >= before + 2);
  assert.equal(watch.take(1), false, "nothing at all of the last quarter");
  free = 400;
  await until("there is room", () => watch.low === undefined);
  assert.ok(watch.take(1_000_000));
  await using blind = new DiskWatch({
    free: () => Promise.resolve(undefined),
    need: (bytes) => bytes <= quota ? Promise.resolve() : Promise.reject(new Error("over the quota")),
    busy: () => false,
    room: { bytes: 100, checkMs: 1 },
  });
  await until("the quota is met", () => blind.low !== undefined);
  assert.equal(blind.take(1), false);
  quota = 50;
  await until("half is there", () => blind.take(20));
});

Deno.test("DiskSpace: the system tells what is free, and what is written is taken back", async () => {
  const folder = await Deno.makeTempDir({ prefix: "rookery_space_" });
  try {
    await using space = new DiskSpace(`${folder}/rookery.db`);
    assert.ok((await space.free())! > 0);
    await space.need(3 * 1024 * 1024 + 7);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
