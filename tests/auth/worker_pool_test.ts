import assert from "node:assert/strict";
import { WorkerPool } from "../../src/auth/worker_pool.ts";
import { ChatError, Code } from "../../src/chat/error.ts";
import { FakeWorkers, ManualClock } from "./fakes.ts";

function setUp(limits: { workers?: number; maxQueued?: number } = {}) {
  const clock = new ManualClock();
  const workers = new FakeWorkers();
  const took: number[] = [];
  const pool = new WorkerPool<string, string>({
    spawn: workers.spawn,
    clock,
    workers: limits.workers ?? 1,
    maxQueued: limits.maxQueued ?? 8,
    jobTimeoutMs: 1000,
    expectedJobMs: 100,
    onDone: (tookMs) => took.push(tookMs),
  });
  return { clock, workers, pool, took };
}

function refusal(code: Code, retryAfterMs?: number) {
  return (error: unknown) => {
    assert.ok(error instanceof ChatError);
    assert.equal(error.code, code);
    if (retryAfterMs !== undefined) assert.equal(error.retryAfterMs, retryAfterMs);
    return true;
  };
}

Deno.test("workers start with the first jobs and no earlier", async () => {
  const { pool, workers } = setUp({ workers: 2 });
  assert.equal(workers.all.length, 0);
  const first = pool.run("a");
  assert.equal(workers.all.length, 1);
  workers.at(0).answer({ result: "A" });
  assert.equal(await first, "A");
  const second = pool.run("b");
  assert.equal(workers.all.length, 1, "an idle worker is used before a new one is started");
  workers.at(0).answer({ result: "B" });
  assert.equal(await second, "B");
});

Deno.test("warm starts all workers once", () => {
  const { pool, workers } = setUp({ workers: 3 });
  pool.warm();
  pool.warm();
  assert.equal(workers.all.length, 3);
});

Deno.test("a worker has one job at a time, in the order of asking", async () => {
  const { pool, workers } = setUp();
  const answers = [pool.run("a"), pool.run("b"), pool.run("c")];
  const worker = workers.at(0);
  for (const job of ["a", "b", "c"]) {
    assert.equal(worker.asked.at(-1)?.job, job);
    worker.answer({ result: job.toUpperCase() });
  }
  assert.deepEqual(await Promise.all(answers), ["A", "B", "C"]);
});

Deno.test("L5 a full queue tells everybody it refuses another time to come back", async () => {
  const { pool, workers, clock } = setUp({ maxQueued: 2 });
  const running = pool.run("a");
  const waiting = [pool.run("b"), pool.run("c")];
  for (const told of [100, 200, 300]) {
    await assert.rejects(pool.run("d"), refusal(Code.RESOURCE_EXHAUSTED, told));
  }
  clock.advance(600);
  workers.at(0).answer({ result: "A" });
  await running;
  waiting.push(pool.run("d"));
  // Jobs take 200 ms on the average now, and nobody is expected any more.
  await assert.rejects(pool.run("e"), refusal(Code.RESOURCE_EXHAUSTED, 200));
  for (let i = 0; i < 400; i++) await assert.rejects(pool.run("f"), refusal(Code.RESOURCE_EXHAUSTED));
  await assert.rejects(pool.run("f"), refusal(Code.RESOURCE_EXHAUSTED, 30_000));
  for (let i = 0; i < 3; i++) workers.at(0).answer({ result: "" });
  await Promise.all(waiting);
});

Deno.test("load tells what waits, runs and was refused", async () => {
  const { pool, workers } = setUp({ maxQueued: 1 });
  assert.deepEqual(pool.load, { waiting: 0, running: 0, refused: 0, replaced: 0 });
  const answers = [pool.run("a"), pool.run("b")];
  await assert.rejects(pool.run("c"), refusal(Code.RESOURCE_EXHAUSTED));
  assert.deepEqual(pool.load, { waiting: 1, running: 1, refused: 1, replaced: 0 });
  workers.at(0).answer({ result: "" });
  assert.deepEqual(pool.load, { waiting: 0, running: 1, refused: 1, replaced: 0 });
  workers.at(0).answer({ result: "" });
  await Promise.all(answers);
  assert.deepEqual(pool.load, { waiting: 0, running: 0, refused: 1, replaced: 0 });
});

Deno.test("the time of a job in its worker is told, without its waiting", async () => {
  const { pool, workers, clock, took } = setUp();
  const answers = [pool.run("a"), pool.run("b")];
  clock.advance(30);
  workers.at(0).answer({ result: "" });
  clock.advance(20);
  workers.at(0).answer({ error: "cannot" });
  await Promise.allSettled(answers);
  assert.deepEqual(took, [30, 20]);
});

Deno.test("a worker's error is the job's error and the worker lives on", async () => {
  const { pool, workers } = setUp();
  const bad = pool.run("bad");
  workers.at(0).answer({ error: "cannot" });
  await assert.rejects(bad, /cannot/);
  const good = pool.run("good");
  workers.at(0).answer({ result: "done" });
  assert.equal(await good, "done");
  assert.equal(workers.all.length, 1);
});

Deno.test("the job of a dead worker is done by its replacement", async () => {
  const { pool, workers, clock } = setUp();
  const first = pool.run("a");
  const second = pool.run("b");
  assert.ok(workers.at(0).crash(), "the error event must be prevented");
  assert.ok(workers.at(0).terminated);
  assert.equal(workers.at(1).asked.at(-1)?.job, "a", "its job goes first");
  workers.at(1).answer({ result: "A" });
  workers.at(1).answer({ result: "B" });
  assert.deepEqual(await Promise.all([first, second]), ["A", "B"]);
  assert.equal(clock.timers, 0);
});

Deno.test("a job that kills two workers is given up, the next one is not", async () => {
  const { pool, workers } = setUp();
  const deadly = pool.run("deadly");
  const harmless = pool.run("harmless");
  workers.at(0).crash();
  workers.at(1).crash();
  await assert.rejects(deadly, refusal(Code.UNAVAILABLE));
  workers.at(2).answer({ result: "fine" });
  assert.equal(await harmless, "fine");
});

Deno.test("a worker that falls silent is replaced", async () => {
  const { pool, workers, clock } = setUp();
  const job = pool.run("a");
  clock.advance(1000);
  assert.ok(workers.at(0).terminated);
  workers.at(1).answer({ result: "A" });
  assert.equal(await job, "A");
});

Deno.test("a worker that dies while idle is replaced when it is needed", async () => {
  const { pool, workers } = setUp();
  pool.warm();
  workers.at(0).crash();
  assert.equal(workers.all.length, 1);
  const job = pool.run("a");
  workers.at(1).answer({ result: "A" });
  assert.equal(await job, "A");
});

Deno.test("answers that nobody asked for are ignored", async () => {
  const { pool, workers } = setUp();
  pool.warm();
  workers.at(0).say({ id: 1, result: "early" });
  const job = pool.run("a");
  for (const nonsense of [undefined, null, "text", {}, { id: 99, result: "other" }]) {
    workers.at(0).say(nonsense);
  }
  workers.at(0).answer({ result: "right" });
  assert.equal(await job, "right");
});

Deno.test("dispose ends workers and rejects what runs and waits", async () => {
  const { pool, workers, clock } = setUp();
  const jobs = [pool.run("a"), pool.run("b")];
  pool[Symbol.dispose]();
  for (const job of jobs) await assert.rejects(job, refusal(Code.UNAVAILABLE));
  await assert.rejects(pool.run("c"), refusal(Code.UNAVAILABLE));
  assert.ok(workers.at(0).terminated);
  assert.equal(workers.all.length, 1);
  assert.equal(clock.timers, 0);
});
