import assert from "node:assert/strict";
import { FairQueue } from "../../src/auth/fair_queue.ts";

/** Everything, in the order in which it is taken. */
function all<T>(queue: FairQueue<T>): T[] {
  const items: T[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) items.push(item);
  return items;
}

Deno.test("A5 groups have turns at every level, and items of one group come in their order", () => {
  const queue = new FairQueue<string>();
  for (let at = 0; at < 3; at++) queue.add(["a", "a1"], `a1-${at}`);
  queue.add(["a", "a2"], "a2-0");
  queue.add(["b", "b1"], "b1-0");
  queue.add(["b", "b1"], "b1-1");
  assert.equal(queue.size(), 6);
  assert.equal(queue.size(["a"]), 4);
  assert.equal(queue.groups([]), 2);
  assert.deepEqual(all(queue), ["a1-0", "b1-0", "a2-0", "b1-1", "a1-1", "a1-2"]);
  assert.equal(queue.size(), 0);
  assert.equal(queue.groups([]), 0, "nothing is kept of groups that are empty");
});

Deno.test("A5 what is dropped is the newest of the largest group, at every level", () => {
  const queue = new FairQueue<string>();
  for (let at = 0; at < 3; at++) queue.add(["a", "a1"], `a1-${at}`);
  queue.add(["a", "a2"], "a2-0");
  queue.add(["b", "b1"], "b1-0");
  assert.equal(queue.drop([]), "a1-2");
  assert.equal(queue.drop(["b"]), "b1-0");
  assert.equal(queue.drop(["b"]), undefined);
  assert.equal(queue.drop([]), "a1-1");
  // Equally large: the one that came last.
  assert.equal(queue.drop([]), "a2-0");
  assert.equal(queue.drop([]), "a1-0");
  assert.equal(queue.drop([]), undefined);
  assert.equal(queue.size(), 0);
});

Deno.test("A5 a group that is empty goes to the end when it comes back", () => {
  const queue = new FairQueue<string>();
  queue.add(["a"], "a-0");
  queue.add(["b"], "b-0");
  queue.add(["c"], "c-0");
  assert.equal(queue.take(), "a-0");
  queue.add(["a"], "a-1");
  assert.deepEqual(all(queue), ["b-0", "c-0", "a-1"]);
});
