/** When a store looks whether the disk has room, and what it then says. */
import assert from "node:assert/strict";
import { DiskWatch } from "../../src/store/disk_watch.ts";
import { until } from "../until.ts";

Deno.test("another room is looked for soon, and what was found for the one before does not count", async () => {
  const asked: number[] = [];
  let answer: PromiseWithResolvers<void> = Promise.withResolvers();
  using watch = new DiskWatch({
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
  using watch = new DiskWatch({
    need: () => Promise.resolve(void asked++),
    busy: () => busy-- > 0,
    room: { bytes: 1, checkMs: 10 },
  });
  await until("it looks", () => asked > 0);
  assert.ok(busy < 0);
  assert.equal(watch.low, undefined);
});
