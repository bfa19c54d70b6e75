/** A folder that goes from one store to another, and back. @module */
import assert from "node:assert/strict";
import { StoreFailure } from "../../src/chat/ports.ts";
import { FolderInUse, openStore } from "../../src/store/mod.ts";
import { MortalWorkers } from "../../tools/chaos/mortal_workers.ts";
import { ANN, CHANNEL, draft, message, put } from "./drafts.ts";
import { TempFolder } from "./temp_store.ts";

const turn = () => Promise.resolve();

Deno.test("O10 a store that lets go writes nothing, reads on, and goes on where it was", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await put(store, draft(ANN, message("one")));
  const running = store.commit([draft(ANN, message("two"))]);
  await store.letGo();
  assert.equal((await running)[0]!.status, "stored");
  await assert.rejects(store.commit([draft(ANN, message("not yet"))]), StoreFailure);
  store.touchSessions(new Map([[1, 1]]));
  assert.equal(store.history(CHANNEL, 9).length, 2);
  assert.equal(await store.takeBack(), "ours");
  assert.equal((await put(store, draft(ANN, message("three"))))[0]!.seq, 3);
});

Deno.test("O10 only an heir gets a folder that was let go of, and while it has it nobody takes it back", async () => {
  await using folder = new TempFolder();
  await using old = await folder.open();
  await put(old, draft(ANN, message("one")));
  await old.letGo();
  await assert.rejects(folder.open(), FolderInUse);
  {
    await using _heir = await openStore(folder.path, { turn });
    assert.equal(await old.takeBack(), "held");
    await assert.rejects(folder.open(), FolderInUse);
  }
  assert.equal(await old.takeBack(), "ours");
  await put(old, draft(ANN, message("two")));
  await old.letGo();
  {
    await using heir = await openStore(folder.path, { turn });
    assert.equal((await put(heir, draft(ANN, message("three"))))[0]!.seq, 3);
    // The old one closes while the new one serves.
    assert.equal(await old.takeBack(), "held");
    await old[Symbol.asyncDispose]();
    assert.equal((await put(heir, draft(ANN, message("four"))))[0]!.seq, 4);
  }
  await using again = await folder.open();
  assert.deepEqual(again.history(CHANNEL, 9).map(({ text }) => text), ["one", "two", "three", "four"]);
});

Deno.test("O10 a store does not go on when somebody has written meanwhile", async () => {
  await using folder = new TempFolder();
  await using old = await folder.open();
  await old.letGo();
  {
    await using heir = await openStore(folder.path, { turn });
    await put(heir, draft(ANN, message("one")));
  }
  assert.equal(await old.takeBack(), "changed");
  await assert.rejects(old.commit([draft(ANN, message("two"))]), StoreFailure);
});

Deno.test("O10 a writer that dies while another has the folder is replaced when it is taken back, not before", async () => {
  using workers = new MortalWorkers();
  await using folder = new TempFolder();
  const replaced: string[] = [];
  await using store = await folder.open({ onReplace: (reason) => replaced.push(reason) });
  await put(store, draft(ANN, message("one")));
  await store.letGo();
  assert.ok(workers.kill("writer_worker"));
  assert.deepEqual(replaced, []);
  assert.equal(workers.kill("writer_worker"), false, "no thread writes now");
  assert.equal(await store.takeBack(), "ours");
  assert.equal(replaced.length, 1);
  assert.equal((await put(store, draft(ANN, message("two"))))[0]!.seq, 2);
});

Deno.test("O10 a store whose writer died while another has the folder closes", async () => {
  using workers = new MortalWorkers();
  await using folder = new TempFolder();
  await using store = await folder.open();
  await store.letGo();
  assert.ok(workers.kill("writer_worker"));
});
