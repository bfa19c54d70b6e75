import assert from "node:assert/strict";
import { StoreFailure } from "../../src/chat/ports.ts";
import { MemoryStore } from "../support/memory_store/memory_store.ts";
import { contract } from "./contract.ts";
import { ANN, CHANNEL, draft, keyed, message, put } from "./drafts.ts";

contract("MemoryStore", () => {
  const store = new MemoryStore();
  return Promise.resolve({ store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() });
});

Deno.test("MemoryStore.beforeCommit throws and nothing is stored", async () => {
  const store = new MemoryStore();
  store.beforeCommit = () => {
    throw new StoreFailure("no space");
  };
  await assert.rejects(store.commit([draft(ANN, message("x"))]), StoreFailure);
  assert.equal(store.head(CHANNEL), 0);
});

Deno.test("MemoryStore.afterCommit throws and all is stored", async () => {
  const store = new MemoryStore();
  store.afterCommit = () => {
    throw new StoreFailure("crashed before the answer");
  };
  await assert.rejects(store.commit([keyed(ANN, "k", message("x"))]), StoreFailure);
  store.afterCommit = undefined;
  const [outcome] = await store.commit([keyed(ANN, "k", message("x"))]);
  assert.ok(outcome!.status === "duplicate" && outcome!.first.seq === 1);
});

Deno.test("MemoryStore.beforeCommit may hold a commit back", async () => {
  const store = new MemoryStore();
  const gate = Promise.withResolvers<void>();
  store.beforeCommit = () => gate.promise;
  const commit = store.commit([draft(ANN, message("x"))]);
  assert.equal(store.head(CHANNEL), 0);
  gate.resolve();
  await commit;
  assert.equal(store.head(CHANNEL), 1);
});

Deno.test("MemoryStore.commit takes its time from the clock it was given", async () => {
  let nowMs = 5000;
  const store = new MemoryStore({ now: () => nowMs });
  const [first] = await put(store, draft(ANN, message("x")));
  nowMs = 3000;
  const [second] = await put(store, draft(ANN, message("x")));
  assert.deepEqual([first!.timeMs, second!.timeMs], [5000, 5000]);
});
