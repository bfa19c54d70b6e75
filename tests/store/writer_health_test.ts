import assert from "node:assert/strict";
import { WriterHealth } from "../../src/store/writer/writer_health.ts";
import { TempFolder } from "./temp_store.ts";
import { until } from "../until.ts";
import { ANN, draft, message } from "./drafts.ts";

Deno.test("O2 after a failed write the disk is probed until it takes something", async () => {
  const answers = [new Error("still full"), new Error("yet again"), undefined];
  const probed = Promise.withResolvers<void>();
  const seen: (string | undefined)[] = [];
  const health = new WriterHealth(() => {
    seen.push(health.failure);
    const error = answers.shift();
    if (answers.length === 0) probed.resolve();
    return error ? Promise.reject(error) : Promise.resolve();
  }, 1);
  assert.equal(health.failure, undefined);
  health.failed("disk full");
  health.failed("disk full");
  await probed.promise;
  await Promise.resolve();
  assert.deepEqual(seen, ["disk full", "still full", "yet again"]);
  assert.equal(health.failure, undefined);
  health.failed("once more");
  health.close();
  assert.equal(health.failure, "once more");
});

Deno.test("O2 O10 after a handover that failed the disk is probed again, and is not said to fail for ever", async () => {
  let probes = 0;
  const health = new WriterHealth(() => Promise.resolve(void probes++), 1);
  health.failed("disk full");
  health.close();
  health.reopen();
  await until("the disk is found to be well", () => health.failure === undefined);
  assert.equal(probes, 1);
});

Deno.test("O2 a write that is stored ends the failure at once", () => {
  const health = new WriterHealth(() => Promise.reject(new Error("never asked")));
  health.failed("disk full");
  health.stored();
  assert.equal(health.failure, undefined);
});

Deno.test("O2 the database's probe tells a full disk from one with room, and leaves nothing behind", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await store.commit([draft(ANN, message("before"))]);
  assert.equal(store.failure, undefined);
  store.limitPages(1);
  await assert.rejects(store.commit([draft(ANN, message("x".repeat(200_000)))]));
  assert.match(store.failure!, /full/);
  await store.commit([draft(ANN, message("small"))]);
  assert.equal(store.failure, undefined);
});
