import assert from "node:assert/strict";
import { ChatError, Code } from "../../src/chat/error.ts";
import { StoreFailure } from "../../src/chat/ports.ts";
import { Writer } from "../../src/store/writer/writer.ts";
import { ANN, draft, message } from "./drafts.ts";

/** A writer whose workers are only this program. */
function writerOf(program: string) {
  const source = `data:application/javascript,${encodeURIComponent(program)}`;
  const fatal: Error[] = [];
  const replaced: string[] = [];
  const writer = new Writer(
    () => new Worker(source, { type: "module" }),
    () => assert.fail("nothing to find"),
    { onFatal: (error) => fatal.push(error), onReplace: (reason) => replaced.push(reason) },
  );
  return { writer, fatal, replaced };
}

/** Opens, and has stored everything before. */
const KNOWING = `self.onmessage = ({ data }) => self.postMessage(
  data.kind === "open"
    ? { kind: "opened", lastPosition: 1 }
    : { kind: "committed", tookMs: 1, timeMs: 1, seqs: [], exceptions: [{ index: 0, status: "duplicate" }] },
);`;

/** Opens, and dies of everything else. */
const MORIBUND = `self.onmessage = ({ data }) => {
  if (data.kind !== "open") throw new Error("struck by lightning");
  self.postMessage({ kind: "opened", lastPosition: 0 });
};`;

Deno.test("Writer.commit fails when workers die one after the other, now and afterwards", async () => {
  const { writer, fatal, replaced } = writerOf(MORIBUND);
  await writer.open("nowhere");
  const pending = [writer.commit([draft(ANN, message("a"))]), writer.commit([draft(ANN, message("b"))])];
  for (const commit of pending) await assert.rejects(commit, StoreFailure);
  await assert.rejects(writer.commit([draft(ANN, message("c"))]), /struck by lightning/);
  assert.equal(fatal.length, 1);
  assert.equal(replaced.length, 2);
  await writer.close();
  assert.equal(fatal.length, 1);
});

Deno.test("Writer gives up when nobody can tell what became of a batch", async () => {
  const { writer, fatal } = writerOf(`self.onmessage = ({ data }) => {
    if (data.kind === "open") self.postMessage({ kind: "opened", lastPosition: 0 });
    else if (data.after === undefined) throw new Error("struck by lightning");
    else self.postMessage({ kind: "lost", reason: "the log is gone" });
  };`);
  await writer.open("nowhere");
  await assert.rejects(writer.commit([draft(ANN, message("a"))]), /the log is gone/);
  assert.equal(fatal.length, 1);
  await writer.close();
});

Deno.test("K2 a result that cannot be read back is to be asked for again, not taken for refused", async () => {
  const { writer } = writerOf(KNOWING);
  await writer.open("nowhere");
  const [outcome] = await writer.commit([draft(ANN, message("a"))]);
  assert.ok(outcome?.status === "failed" && outcome.error instanceof ChatError);
  assert.equal(outcome.error.code, Code.UNAVAILABLE);
  assert.ok(outcome.error.retryAfterMs > 0);
  await writer.close();
});

Deno.test("Writer.open fails when the worker cannot even start", async () => {
  const { writer, fatal, replaced } = writerOf("this is no program");
  await assert.rejects(writer.open("nowhere"), StoreFailure);
  assert.deepEqual([fatal.length, replaced.length], [1, 0]);
  await writer.close();
});

Deno.test("Writer.commit fails when the worker answers out of turn", async () => {
  const { writer } = writerOf(`self.onmessage = () => postMessage({ kind: "closed" });`);
  await assert.rejects(writer.commit([draft(ANN, message("a"))]), StoreFailure);
  await writer.close();
});
