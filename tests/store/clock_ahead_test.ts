import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

import { damageOf, newestTimeOf, verifyFolder } from "../../src/store/mod.ts";
import { furnish } from "./furnished.ts";
import { TempFolder } from "./temp_store.ts";

const DAYS_MS = 400 * 24 * 3600 * 1000;

/** The statements that docs/operations.md gives to those whose clock was ahead. */
function wayBack(): string {
  const page = Deno.readTextFileSync(new URL("../../docs/operations.md", import.meta.url));
  return /<<'END'\n(.*?)\n {4}END\n/s.exec(page)![1]!;
}

Deno.test("S5 the way back of the documents gives events of the future the present time, and all stays whole", async () => {
  await using folder = new TempFolder();
  await using store = await folder.open();
  await furnish(store);
  await store[Symbol.asyncDispose]();
  const future = Date.now() + DAYS_MS;
  const half = { from: 0, epoch: "" };
  {
    using db = new DatabaseSync(folder.database);
    half.from = Number(db.prepare("SELECT max(rowid) / 2 AS half FROM event").get()!.half);
    half.epoch = String(db.prepare("SELECT epoch FROM meta").get()!.epoch);
    db.prepare("UPDATE event SET time_ms = ? WHERE rowid > ?").run(future, half.from);
    db.prepare("UPDATE event SET edited_ms = ? WHERE edited_ms IS NOT NULL").run(future);
    db.prepare("UPDATE session SET created_ms = ?, last_used_ms = ?").run(future, future);
  }
  assert.equal(await newestTimeOf(folder.path), future);
  {
    using db = new DatabaseSync(folder.database);
    db.exec(wayBack());
    assert.notEqual(db.prepare("SELECT epoch FROM meta").get()!.epoch, half.epoch);
  }
  assert.ok((await newestTimeOf(folder.path))! <= Date.now());
  assert.deepEqual(damageOf(await verifyFolder(folder.path)), []);
});
