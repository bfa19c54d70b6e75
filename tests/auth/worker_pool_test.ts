import assert from "node:assert/strict";
import { WorkerPool } from "../../src/auth/worker_pool.ts";
import { ChatError, Code } from "../../src/chat/error.ts";
import { FakeWorkers, ManualClock } from "./fakes.ts";

/** Somebody at one address. */
const PATH = ["queue", "192.0.2.0/24", "192.0.2.1"] as const;
const JOB_MS = 100;

function setUp(limits: { workers?: number; maxQueued?: number } = {}) {
  const clock = new ManualClock();
  const workers = new FakeWorkers();
  const took: number[] = [];
  const pool = new WorkerPool<string, string>({
    spawn: workers.spawn,
    clock,
    workers: limits.workers ?? 1,
    maxWaitMs: (limits.maxQueued ?? 8) * JOB_MS / (limits.workers ?? 1),
    jobTimeoutMs: 1000,
    expectedJobMs: JOB_MS,
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
  const first = pool.run("a", PATH);
  assert.equal(workers.all.length, 1);
  workers.at(0).answer({ result: "A" });
  assert.equal(await first, "A");
  const second = pool.run("b", PATH);
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
  const answers = [pool.run("a", PATH), pool.run("b", PATH), pool.run("c", PATH)];
  const worker = workers.at(0);
  for (const job of ["a", "b", "c"]) {
    assert.equal(worker.asked.at(-1)?.job, job);
    worker.answer({ result: job.toUpperCase() });
  }
  assert.deepEqual(await Promise.all(answers), ["A", "B", "C"]);
});

Deno.test("L5 a full queue tells everybody it refuses another time to come back", async () => {
  const { pool, workers, clock } = setUp({ maxQueued: 2 });
  const running = pool.run("a", PATH);
  const waiting = [pool.run("b", PATH), pool.run("c", PATH)];
  for (const told of [100, 200, 300]) {
    await assert.rejects(pool.run("d", PATH), refusal(Code.RESOURCE_EXHAUSTED, told));
  }
  clock.advance(JOB_MS);
  workers.at(0).answer({ result: "A" });
  await running;
  waiting.push(pool.run("d", PATH));
  clock.advance(500);
  // Nobody is expected any more.
  await assert.rejects(pool.run("e", PATH), refusal(Code.RESOURCE_EXHAUSTED, 100));
  for (let i = 0; i < 400; i++) await assert.rejects(pool.run("f", PATH), refusal(Code.RESOURCE_EXHAUSTED));
  await assert.rejects(pool.run("f", PATH), refusal(Code.RESOURCE_EXHAUSTED, 30_000));
  for (let i = 0; i < 3; i++) workers.at(0).answer({ result: "" });
  await Promise.all(waiting);
});

Deno.test("load tells what waits, runs and was refused", async () => {
  const { pool, workers } = setUp({ maxQueued: 1 });
  assert.deepEqual(pool.load, { waiting: 0, running: 0, refused: 0, replaced: 0 });
  const answers = [pool.run("a", PATH), pool.run("b", PATH)];
  await assert.rejects(pool.run("c", PATH), refusal(Code.RESOURCE_EXHAUSTED));
  assert.deepEqual(pool.load, { waiting: 1, running: 1, refused: 1, replaced: 0 });
  workers.at(0).answer({ result: "" });
  assert.deepEqual(pool.load, { waiting: 0, running: 1, refused: 1, replaced: 0 });
  workers.at(0).answer({ result: "" });
  await Promise.all(answers);
  assert.deepEqual(pool.load, { waiting: 0, running: 0, refused: 1, replaced: 0 });
});

Deno.test("the time of a job in its worker is told, without its waiting", async () => {
  const { pool, workers, clock, took } = setUp();
  const answers = [pool.run("a", PATH), pool.run("b", PATH)];
  clock.advance(30);
  workers.at(0).answer({ result: "" });
  clock.advance(20);
  workers.at(0).answer({ error: "cannot" });
  await Promise.allSettled(answers);
  assert.deepEqual(took, [30, 20]);
});

Deno.test("a worker's error is the job's error and the worker lives on", async () => {
  const { pool, workers } = setUp();
  const bad = pool.run("bad", PATH);
  workers.at(0).answer({ error: "cannot" });
  await assert.rejects(bad, /cannot/);
  const good = pool.run("good", PATH);
  workers.at(0).answer({ result: "done" });
  assert.equal(await good, "done");
  assert.equal(workers.all.length, 1);
});

Deno.test("the job of a dead worker is done by its replacement", async () => {
  const { pool, workers, clock } = setUp();
  const first = pool.run("a", PATH);
  const second = pool.run("b", PATH);
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
  const deadly = pool.run("deadly", PATH);
  const harmless = pool.run("harmless", PATH);
  workers.at(0).crash();
  workers.at(1).crash();
  await assert.rejects(deadly, refusal(Code.UNAVAILABLE));
  workers.at(2).answer({ result: "fine" });
  assert.equal(await harmless, "fine");
});

Deno.test("a worker that falls silent is replaced", async () => {
  const { pool, workers, clock } = setUp();
  const job = pool.run("a", PATH);
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
  const job = pool.run("a", PATH);
  workers.at(1).answer({ result: "A" });
  assert.equal(await job, "A");
});

Deno.test("answers that nobody asked for are ignored", async () => {
  const { pool, workers } = setUp();
  pool.warm();
  workers.at(0).say({ id: 1, result: "early" });
  const job = pool.run("a", PATH);
  for (const nonsense of [undefined, null, "text", {}, { id: 99, result: "other" }]) {
    workers.at(0).say(nonsense);
  }
  workers.at(0).answer({ result: "right" });
  assert.equal(await job, "right");
});

Deno.test("dispose ends workers and rejects what runs and waits", async () => {
  const { pool, workers, clock } = setUp();
  const jobs = [pool.run("a", PATH), pool.run("b", PATH)];
  pool[Symbol.dispose]();
  for (const job of jobs) await assert.rejects(job, refusal(Code.UNAVAILABLE));
  await assert.rejects(pool.run("c", PATH), refusal(Code.UNAVAILABLE));
  assert.ok(workers.at(0).terminated);
  assert.equal(workers.all.length, 1);
  assert.equal(clock.timers, 0);
});

/** Answers one job after the other, each after its time, and tells in which order they were begun. */
function workedOff({ workers, clock }: Pick<ReturnType<typeof setUp>, "workers" | "clock">): string[] {
  const worker = workers.at(0);
  for (let begun = 0; begun < worker.asked.length; begun++) {
    clock.advance(JOB_MS);
    worker.answer({ result: "" });
  }
  return worker.asked.map(({ job }) => String(job));
}

Deno.test("A5 one address with many jobs holds up another by one job of each, and it alone is refused", async () => {
  const rig = setUp({ maxQueued: 10 });
  const refused: string[] = [];
  const ask = (job: string, address: string) =>
    rig.pool.run(job, ["unknown", `${address}/24`, address]).catch((error) => {
      assert.equal(error.code, Code.RESOURCE_EXHAUSTED);
      refused.push(job);
    });
  const jobs = Array.from({ length: 60 }, (_, at) => ask(`flood-${at}`, "192.0.2.1"));
  jobs.push(ask("victim", "198.51.100.7"), ask("other", "203.0.113.9"));
  const order = workedOff(rig);
  await Promise.all(jobs);
  assert.deepEqual(order.slice(0, 4), ["flood-0", "flood-1", "victim", "other"]);
  assert.equal(order.length, 11);
  // Two that waited gave way to those who came with little.
  assert.equal(refused.length, 51);
  assert.ok(refused.every((job) => job.startsWith("flood")));
});

Deno.test("A5 thousands of networks of one provider share one turn", async () => {
  const rig = setUp({ maxQueued: 10 });
  let refused = 0;
  const ask = (job: string, path: string[]) =>
    rig.pool.run(job, ["unknown", ...path]).catch(() => void refused++);
  const jobs = Array.from(
    { length: 60 },
    (_, at) => ask("flood", ["2001:db8::/32", `${at % 7}::/48`, `${at}::/64`]),
  );
  jobs.push(ask("victim", ["2001:db9::/32", "2001:db9:1::/48", "2001:db9:1:1::/64"]));
  assert.equal(workedOff(rig).indexOf("victim"), 2);
  await Promise.all(jobs);
  assert.equal(refused, 50);
});

Deno.test("A5 whoever was let in before does not wait for strangers, however many they are", async () => {
  const rig = setUp({ maxQueued: 10 });
  let refused = 0;
  const ask = (queue: string, at: number) =>
    rig.pool.run(queue, [queue, `network ${at}`, `address ${at}`]).catch(() => void refused++);
  const jobs = Array.from({ length: 100 }, (_, at) => ask("stranger", at));
  jobs.push(ask("known", 1), ask("known", 2));
  const order = workedOff(rig);
  await Promise.all(jobs);
  assert.deepEqual(order.slice(0, 6), ["stranger", "stranger", "known", "stranger", "known", "stranger"]);
  assert.equal(refused, 89, "of strangers alone");
});

Deno.test("A5 who is refused and comes back when told to has a place", async () => {
  const rig = setUp({ maxQueued: 4 });
  const { clock, pool, workers } = rig;
  const ask = () => pool.run("job", PATH);
  const first = Array.from({ length: 5 }, ask);
  const told: number[] = [];
  for (let at = 0; at < 3; at++) {
    await ask().catch(({ retryAfterMs }) => told.push(retryAfterMs));
  }
  assert.deepEqual(told, [100, 200, 300]);
  for (let at = 0; at < 3; at++) {
    clock.advance(JOB_MS);
    workers.at(0).answer({ result: "" });
    first.push(ask());
  }
  workedOff(rig);
  await Promise.all(first);
  assert.equal(pool.load.refused, 3);
});

Deno.test("A5 refusals of one group do not make another wait longer", async () => {
  const { pool } = setUp({ maxQueued: 4 });
  const ask = (network: string) => pool.run("job", ["unknown", network, "address"]);
  const jobs = Array.from({ length: 300 }, () => ask("flood").catch(() => {}));
  for (const network of ["a", "b", "c", "d"]) jobs.push(ask(network).catch(() => {}));
  // All five have one place now; the newest is told how long a turn of each takes.
  await assert.rejects(ask("e"), refusal(Code.RESOURCE_EXHAUSTED, 400));
  pool[Symbol.dispose]();
  await Promise.all(jobs);
});

Deno.test("slower workers let fewer wait", async () => {
  const { pool, workers, clock } = setUp({ maxQueued: 8 });
  const jobs = [pool.run("a", PATH)];
  for (let at = 0; at < 20; at++) {
    clock.advance(400);
    jobs.push(pool.run("b", PATH));
    workers.at(0).answer({ result: "" });
  }
  // Nearly 400 ms a job: two of them are 800 ms.
  for (let at = 0; at < 2; at++) jobs.push(pool.run("c", PATH).catch(() => {}) as Promise<string>);
  await assert.rejects(pool.run("d", PATH), refusal(Code.RESOURCE_EXHAUSTED));
  pool[Symbol.dispose]();
  await Promise.allSettled(jobs);
});
