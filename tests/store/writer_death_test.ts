/** The thread that writes is killed, also between a commit and its answer, and nothing is lost, doubled or told wrongly. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Draft } from "../../src/chat/ports.ts";
import { damageOf, verifyDatabase } from "../../src/store/verify/verify.ts";
import { MortalWorkers } from "../../tools/chaos/mortal_workers.ts";
import { ALL, ANN, BOB, CHANNEL, draft, keyed, message, put } from "./drafts.ts";
import { furnish } from "./furnished.ts";
import { TempFolder } from "./temp_store.ts";
import { until } from "../until.ts";

const DEATHS = 80;
const TEXTS = 300;
/** Threads die at this many points from before a commit until behind it. */
const STEPS = 20;

Deno.test("D1 D3 K2 the writer is killed around its commits: each is told truly, and stored once", async () => {
  using workers = new MortalWorkers();
  await using folder = new TempFolder();
  const replaced: string[] = [];
  {
    await using store = await folder.open({ onReplace: (reason) => replaced.push(reason) });
    await furnish(store);
    const told: string[] = [];
    let underWay = 0;
    const startMs = performance.now();
    await put(store, ...Array.from({ length: TEXTS }, (_, index) => draft(ANN, message(`${index}`))));
    const typicalMs = 1.2 * (performance.now() - startMs);
    const before = store.head(CHANNEL);
    for (let death = 0; death < DEATHS; death++) {
      const texts = Array.from({ length: TEXTS }, (_, index) => `${death}.${index}`);
      const batch = texts.map((text, index): Draft =>
        index % 3 === 0 ? draft(ANN, message(text)) : keyed(BOB, text, message(text))
      );
      const commit = put(store, ...batch);
      let answered = false;
      void commit.then(() => answered = true);
      // Timers are too coarse: the loop is turned until it is time.
      const strikeMs = performance.now() + (death % STEPS) * typicalMs / STEPS;
      while (performance.now() < strikeMs) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(workers.kill("writer_worker"));
      if (!answered) underWay++;
      const events = await commit;
      assert.deepEqual(events.map(({ body }) => body.case === "messageSent" && body.value.text), texts);
      assert.deepEqual(
        events.map(({ seq }) => seq),
        texts.map((_, index) => before + told.length + index + 1),
      );
      told.push(...texts);
      const [again] = await store.commit([keyed(BOB, texts[1]!, message("again"))]);
      assert.equal(again!.status, "duplicate");
    }
    const log = store.events(CHANNEL, { ...ALL, after: before, limit: DEATHS * TEXTS });
    assert.deepEqual(log.map(({ body }) => body.case === "messageSent" && body.value.text), told);
    assert.equal(replaced.length, DEATHS);
    assert.ok(underWay > 0, "no death was in the middle");
  }
  assert.deepEqual(damageOf(verifyDatabase(folder.database)), []);
});

Deno.test("a writer that cannot be replaced is the store's end, told once", async () => {
  using workers = new MortalWorkers();
  await using folder = new TempFolder();
  const fatal: Error[] = [];
  await using store = await folder.open({ onFatal: (error) => fatal.push(error) });
  await put(store, draft(ANN, message("a")));
  await Deno.rename(folder.database, `${folder.path}/away.db`);
  await Deno.mkdir(folder.database);
  assert.ok(workers.kill("writer_worker"));
  await assert.rejects(store.commit([draft(ANN, message("b"))]), /unable to open/);
  assert.equal(fatal.length, 1);
  assert.equal(store.history(CHANNEL, 9).length, 1, "what is stored can be read");
});

Deno.test("a batch waits since it was given, whichever writer is asked to store it", async () => {
  using workers = new MortalWorkers();
  await using folder = new TempFolder();
  await using store = await folder.open();
  await furnish(store);
  const other = new DatabaseSync(folder.database);
  let commit: Promise<unknown>;
  try {
    other.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
    commit = put(store, draft(ANN, message("waits")));
    await until("it has waited", () => store.waitingMs > 100);
    const before = store.waitingMs;
    assert.ok(workers.kill("writer_worker"));
    await until("another writer is there", () => store.writersReplaced === 1);
    assert.ok(store.waitingMs >= before);
    other.exec("ROLLBACK");
  } finally {
    other.close();
  }
  await commit;
  assert.equal(store.waitingMs, 0);
});
