/** What a batch has left in the log is what was told of it. */
import assert from "node:assert/strict";
import type { Draft } from "../../src/chat/ports.ts";
import { BatchRunner } from "../../src/store/writer/batch_runner.ts";
import { encodeBatch } from "../../src/store/writer/batch_codec.ts";
import { migrate, openForWriting } from "../../src/store/database.ts";
import { CrashRecovery } from "../../src/store/writer/crash_recovery.ts";
import { ANN, BOB, draft, edit, event, inChannel, keyed, message, user } from "./drafts.ts";
import { TempFolder } from "./temp_store.ts";

interface Scene extends AsyncDisposable {
  readonly runner: BatchRunner;
  readonly tail: CrashRecovery;
}

async function scene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(new TempFolder());
  migrate(folder.database);
  const db = stack.adopt(openForWriting(folder.database), (db) => db.close());
  const [runner, tail] = [new BatchRunner(db), new CrashRecovery(db)];
  const kept = stack.move();
  return { runner, tail, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const plain = (from: number, count: number): Draft[] =>
  Array.from({ length: count }, (_, index) => keyed(ANN, `p${from + index}`, message(`${from + index}`)));

Deno.test("CrashRecovery recognizes every batch by its rows", async () => {
  await using stage = await scene();
  const { runner, tail } = stage;
  const account = event(1, "userAdded", { user: user(5, "eve") });
  const batches: Draft[][] = [
    [keyed(ANN, "a", message("one")), draft(BOB, message("two")), draft(BOB, message("two"))],
    plain(0, 20),
    // Plain rows are stored eight at a time, and taken back when a key among them is known.
    [...plain(15, 3), ...plain(100, 9), keyed(ANN, "a", message("one"))],
    [keyed(BOB, "a", message("gone")), draft(BOB, inChannel("messageDeleted", { messageSeq: 34 }))],
    [keyed(ANN, "e", edit(1, "new")), keyed(ANN, "e", edit(1, "new")), draft(ANN, message("after"))],
    [draft(0, account, inChannel("memberJoined", { userId: 5, role: 1 })), draft(BOB, message("hi"))],
  ];
  for (const batch of batches) {
    const cells = encodeBatch(batch);
    const before = tail.lastPosition;
    assert.equal(tail.recognize(cells, before), undefined);
    const result = runner.run(cells, 1000 + before);
    assert.equal(tail.lastPosition, before + result.seqs.length);
    assert.deepEqual(tail.recognize(cells, before), result);
  }
});

Deno.test("CrashRecovery tells a draft that failed alone to be sent again, and its neighbours as stored", async () => {
  await using stage = await scene();
  const { runner, tail } = stage;
  const taken = () => draft(0, event(1, "userAdded", { user: user(5 + tail.lastPosition, "eve") }));
  runner.run(encodeBatch([taken()]), 1000);
  const cells = encodeBatch([draft(ANN, message("a")), taken(), draft(ANN, message("b"))]);
  const { exceptions, ...result } = runner.run(cells, 2000);
  assert.deepEqual(exceptions.map(({ index, status }) => [index, status]), [[1, "failed"]]);
  const { exceptions: told, ...recognized } = tail.recognize(cells, 1)!;
  assert.deepEqual(recognized, result);
  assert.deepEqual(told.map(({ index, status }) => [index, status]), [[1, "failed"]]);
});

Deno.test("CrashRecovery takes nothing for the batch that is not", async () => {
  await using stage = await scene();
  const { runner, tail } = stage;
  runner.run(encodeBatch([keyed(ANN, "a", message("one"))]), 1000);
  for (
    const other of [keyed(BOB, "a", message("one")), draft(ANN, message("one")), draft(ANN, edit(1, "x"))]
  ) {
    assert.throws(() => tail.recognize(encodeBatch([other]), 0), /nobody knows/);
  }
});
