import assert from "node:assert/strict";
import { bcrypt } from "hash-wasm";
import { PasswordPool } from "../../src/auth/password_pool.ts";
import type { PasswordJob } from "../../src/auth/password_job.ts";
import { ChatError, Code } from "../../src/chat/error.ts";
import { FakeWorkers, ManualClock, realClock } from "./fakes.ts";

const COST = 4;
/** Niceness of a thread that lets all others go first. */
const LOWEST = 19;

function realPool(cost = COST): PasswordPool {
  return new PasswordPool({ clock: realClock, cost, workers: 1 });
}

Deno.test("a password matches its own hash and no other does", async () => {
  using pool = realPool();
  const hash = await pool.hash("correct horse");
  assert.match(hash, /^\$2[aby]\$04\$.{53}$/);
  assert.notEqual(hash, await pool.hash("correct horse"), "every hash has its own salt");
  assert.deepEqual(await pool.verify("correct horse", hash), { ok: true, outdated: false });
  assert.deepEqual(await pool.verify("wrong horse", hash), { ok: false, outdated: false });
  assert.deepEqual(await pool.verify("", hash), { ok: false, outdated: false });
});

Deno.test("hashes of other programs are understood", async () => {
  using pool = realPool();
  // From the test vectors of OpenBSD's bcrypt, in the three spellings in use.
  for (const prefix of ["$2a$", "$2b$", "$2y$"]) {
    const hash = `${prefix}05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`;
    assert.deepEqual(await pool.verify("U*U", hash), { ok: true, outdated: true }, prefix);
  }
});

Deno.test("passwords of 72 bytes work to the last byte, longer ones never", async () => {
  using pool = realPool();
  const longest = "é".repeat(36);
  const hash = await pool.hash(longest);
  assert.equal((await pool.verify(longest, hash)).ok, true);
  assert.equal((await pool.verify("é".repeat(35) + "ab", hash)).ok, false);
  assert.equal((await pool.verify(longest + "x", hash)).ok, false);
  assert.equal((await pool.verify(`${longest}\0`, hash)).ok, false);
  for (const unusable of ["", "x".repeat(73), "with\0nul"]) {
    await assert.rejects(
      pool.hash(unusable),
      (error) => error instanceof ChatError && error.code === Code.INVALID_ARGUMENT,
    );
  }
});

Deno.test("A4 a password is the same on every keyboard; hashes of one as it was typed keep working, and are made again", async () => {
  using pool = realPool();
  const [composed, typed] = ["Gr\u00fc\u00dfe 12", "Gru\u0308\u00dfe 12"];
  for (const password of [composed, typed]) {
    const hash = await pool.hash(password);
    assert.deepEqual(await pool.verify(composed, hash), { ok: true, outdated: false });
    assert.deepEqual(await pool.verify(typed, hash), { ok: true, outdated: false });
  }
  const salt = new Uint8Array(16).fill(7);
  const old = await bcrypt({ password: typed, salt, costFactor: COST, outputType: "encoded" });
  assert.deepEqual(await pool.verify(typed, old), { ok: true, outdated: true });
  assert.deepEqual(await pool.verify(composed, old), { ok: false, outdated: false });
  assert.deepEqual(await pool.verify(`${typed}!`, old), { ok: false, outdated: false });
});

Deno.test("a NUL does not end a password early", async () => {
  using pool = realPool();
  const hash = await pool.hash("secret");
  assert.equal((await pool.verify("secret\0", hash)).ok, false);
  assert.equal((await pool.verify("secret\0more", hash)).ok, false);
});

Deno.test("the real worker survives nonsense", async () => {
  const worker = new Worker(new URL("../../src/auth/password_worker.ts", import.meta.url), {
    type: "module",
  });
  try {
    const answers: { id: number; error?: string; result?: unknown }[] = [];
    const done = Promise.withResolvers<void>();
    worker.onmessage = (event) => {
      answers.push(event.data);
      if (event.data.id === 4) done.resolve();
    };
    worker.onerror = (event) => done.reject(new Error(event.message));
    worker.postMessage(null);
    worker.postMessage({ id: 1, job: { kind: "dance" } });
    worker.postMessage({ id: 2, job: { kind: "hash", password: 12, cost: "many" } });
    worker.postMessage({ id: 3, job: { kind: "verify", passwords: ["x"], hash: "not a hash" } });
    worker.postMessage({ id: 4, job: { kind: "hash", password: "x", cost: COST } });
    await done.promise;
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    for (const id of [1, 2, 3]) assert.equal(typeof byId.get(id)?.error, "string");
    assert.match(String(byId.get(4)?.result), /^\$2/);
  } finally {
    worker.terminate();
  }
});

Deno.test("a real worker that crashes is replaced and nobody notices", async () => {
  const crashing = "data:text/javascript,self.onmessage = () => { throw new Error('crash') }";
  const modules = [crashing, new URL("../../src/auth/password_worker.ts", import.meta.url).href];
  using pool = new PasswordPool({
    clock: realClock,
    cost: COST,
    workers: 1,
    spawn: () => new Worker(modules.shift()!, { type: "module" }),
  });
  assert.match(await pool.hash("password"), /^\$2/);
  assert.equal(modules.length, 0);
});

function fakePool() {
  const workers = new FakeWorkers();
  const pool = new PasswordPool({ clock: new ManualClock(), cost: 6, workers: 1, spawn: workers.spawn });
  return { pool, workers };
}

/** What the worker is asked to compute for a verification; `result` says whether the first password is right. */
async function observe(password: string, hash: string | undefined, result: boolean) {
  const { pool, workers } = fakePool();
  const verdict = pool.verify(password, hash);
  const job = workers.at(0).asked[0]?.job as PasswordJob;
  workers.at(0).answer({ result: result ? 0 : -1 });
  return { job, verdict: await verdict };
}

Deno.test("without a hash the same work is done, and never right", async () => {
  const damaged = "$2a$06$short";
  for (const hash of [undefined, "", "plain text", damaged]) {
    const { job, verdict } = await observe("password", hash, true);
    assert.equal(job.kind, "verify");
    assert.match(job.kind === "verify" ? job.hash : "", /^\$2a\$06\$[./A-Za-z0-9]{53}$/);
    assert.deepEqual(verdict, { ok: false, outdated: false });
  }
  using pool = realPool();
  assert.deepEqual(await pool.verify("password", undefined), { ok: false, outdated: false });
});

Deno.test("an impossible password costs the work of a possible one", async () => {
  const hash = `$2a$06$${"a".repeat(53)}`;
  for (const password of ["x".repeat(73), "with\0nul", ""]) {
    const { job, verdict } = await observe(password, hash, true);
    assert.equal(job.kind === "verify" && job.hash, hash);
    assert.deepEqual(verdict, { ok: false, outdated: false });
  }
});

Deno.test("A4 the way a password is typed decides how often it is tried, not whether there is an account", async () => {
  const tries = [["abcdefgh", 1], ["abcdefg\u00e4", 1], ["abcdefga\u0308", 2], [
    "x".repeat(60_000),
    1,
  ]] as const;
  for (const [password, times] of tries) {
    for (const hash of [`$2a$06$${"a".repeat(53)}`, undefined]) {
      const { job } = await observe(password, hash, false);
      assert.equal(job.kind === "verify" && job.passwords.length, times);
    }
  }
});

Deno.test("hashes of another cost are outdated", async () => {
  const rest = "a".repeat(53);
  assert.deepEqual((await observe("p", `$2b$05$${rest}`, true)).verdict, { ok: true, outdated: true });
  assert.deepEqual((await observe("p", `$2b$07$${rest}`, false)).verdict, { ok: false, outdated: true });
  assert.deepEqual((await observe("p", `$2b$06$${rest}`, true)).verdict, { ok: true, outdated: false });
});

/** Milliseconds that a wrong password takes. */
async function wrongMs(pool: PasswordPool, hash: string | undefined): Promise<number> {
  const beforeMs = performance.now();
  assert.equal((await pool.verify("wrong horse", hash)).ok, false);
  return performance.now() - beforeMs;
}

Deno.test("A4 a wrong password for a hash of a lower cost takes as long as an unknown name", async () => {
  using old = realPool(4);
  const hash = await old.hash("correct horse");
  using pool = realPool(9);
  assert.deepEqual(await pool.verify("correct horse", hash), { ok: true, outdated: true });
  // In turns and the best of several, so that other work on the machine adds to neither.
  let [knownMs, unknownMs] = [Infinity, Infinity];
  for (let at = 0; at < 6; at++) {
    knownMs = Math.min(knownMs, await wrongMs(pool, hash));
    unknownMs = Math.min(unknownMs, await wrongMs(pool, undefined));
  }
  // Without the missing rounds it would be a thirtieth.
  assert.ok(knownMs > unknownMs / 4 && knownMs < unknownMs * 4, `${knownMs} and ${unknownMs} ms`);
});

Deno.test("workers start at once only when asked to", () => {
  const workers = new FakeWorkers();
  const options = { clock: new ManualClock(), workers: 2, spawn: workers.spawn };
  new PasswordPool(options);
  assert.equal(workers.all.length, 0);
  new PasswordPool({ ...options, eager: true });
  assert.equal(workers.all.length, 2);
});

Deno.test("a cost that bcrypt does not know is refused", () => {
  for (const cost of [3, 32, 10.5, NaN]) {
    assert.throws(() => new PasswordPool({ clock: realClock, cost }), RangeError);
  }
});

Deno.test("disposing during a real job rejects it", async () => {
  const pool = realPool(10);
  const job = pool.hash("password");
  pool[Symbol.dispose]();
  await assert.rejects(job, (error) => error instanceof ChatError && error.code === Code.UNAVAILABLE);
});

Deno.test({
  name: "where it is allowed, the password worker's thread stands back, and the main thread does not",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const [main, ...others] = await nicenessOfThreads("--allow-sys=setPriority");
    assert.notEqual(main, LOWEST);
    assert.ok(others.includes(LOWEST));
    assert.ok(!(await nicenessOfThreads()).includes(LOWEST));
  },
});

/** Niceness of a program's threads, the main thread's first, after it has hashed a password under these permissions. */
async function nicenessOfThreads(...permissions: string[]): Promise<number[]> {
  const [hashing, program] = ["hashing_program.ts", "niceness_program.ts"].map((name) =>
    new URL(name, import.meta.url).pathname
  );
  await using child = new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", ...permissions, hashing!],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "hashed\n");
  // It takes all permissions to read /proc, more than tests have.
  const { stdout } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", "--allow-all", program!, String(child.pid)],
  }).output();
  await child.stdin.close();
  await reader.cancel();
  await child.status;
  return JSON.parse(new TextDecoder().decode(stdout));
}
