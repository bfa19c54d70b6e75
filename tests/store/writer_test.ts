import assert from "node:assert/strict";
import { StoreFailure } from "../../src/chat/ports.ts";
import { WorkerWriter } from "../../src/store/writer.ts";
import { ANN, draft, message } from "./drafts.ts";

/** A writer whose worker is only this program. */
function writerOf(program: string) {
  const worker = new Worker(`data:application/javascript,${encodeURIComponent(program)}`, { type: "module" });
  const fatal: Error[] = [];
  const writer = new WorkerWriter(worker, () => assert.fail("nothing to find"), {
    onFatal: (error) => fatal.push(error),
  });
  return { writer, fatal };
}

Deno.test("WorkerWriter.commit fails when the worker dies, now and afterwards", async () => {
  const { writer, fatal } = writerOf(`self.onmessage = () => { throw new Error("struck by lightning"); };`);
  const pending = [writer.commit([draft(ANN, message("a"))]), writer.commit([draft(ANN, message("b"))])];
  for (const commit of pending) await assert.rejects(commit, StoreFailure);
  await assert.rejects(writer.commit([draft(ANN, message("c"))]), /struck by lightning/);
  assert.equal(fatal.length, 1);
  await writer.close();
  assert.equal(fatal.length, 1);
});

Deno.test("WorkerWriter.open fails when the worker cannot even start", async () => {
  const { writer, fatal } = writerOf("this is no program");
  await assert.rejects(writer.open("nowhere"), StoreFailure);
  assert.equal(fatal.length, 1);
  await writer.close();
});

Deno.test("WorkerWriter.commit fails when the worker answers out of turn", async () => {
  const { writer } = writerOf(`self.onmessage = () => postMessage({ kind: "closed" });`);
  await assert.rejects(writer.commit([draft(ANN, message("a"))]), StoreFailure);
  await writer.close();
});
