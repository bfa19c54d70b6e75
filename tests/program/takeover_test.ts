/** A second process takes the place of the first while people write: nothing is lost, whatever goes wrong. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../../src/store/migrations/mod.ts";
import { Random } from "../../tools/demo/random.ts";
import { Program, run, temporaryFolder } from "./program.ts";
import { assertAllKept, closeTalkers, codeIn, newTalkers, type Talker } from "./talkers.ts";

const CLIENTS = 4;
/** Messages of all clients together that show that it goes on. */
const SOME = 40;
const PATIENCE_MS = 60_000;
const KILLS = 8;
/** After which a kill comes; longer than a handover takes. */
const HANDOVER_MS = 250;

/** People who talk on a server, and the processes that were started for it. */
class Scene implements AsyncDisposable {
  readonly path: string;
  readonly port: string;
  readonly talkers: readonly Talker[];
  readonly channelId: number;
  readonly #cleanup: AsyncDisposableStack;
  readonly #talks: Promise<void>[];
  #acknowledged = 0;
  readonly #waiting: (() => void)[] = [];

  private constructor(
    cleanup: AsyncDisposableStack,
    start: { path: string; port: string; talkers: Talker[] },
  ) {
    this.path = start.path;
    this.port = start.port;
    this.talkers = start.talkers;
    this.#cleanup = cleanup;
    [this.channelId] = start.talkers[0]!.client.replica.channels.keys() as Iterable<number> as [number];
    this.#talks = this.talkers.map((talker) =>
      talker.talk(this.channelId, () => {
        this.#acknowledged++;
        this.#wake();
      })
    );
    // A test that fails ends the clients, and has said why already.
    for (const talk of this.#talks) talk.catch(() => {});
  }

  /** A first server that people talk on. */
  static async open(): Promise<{ scene: Scene; first: Program }> {
    await using cleanup = new AsyncDisposableStack();
    const { path } = cleanup.use(await temporaryFolder());
    const first = cleanup.use(new Program(argsOf(path, "0")));
    const url = await first.address();
    const talkers = await newTalkers(url, codeIn(await first.prints("In a terminal:")), CLIENTS);
    const scene = new Scene(cleanup.move(), { path, port: new URL(url).port, talkers });
    await scene.goesOn();
    return { scene, first };
  }

  start(...args: readonly string[]): Program {
    return this.#cleanup.use(new Program([...argsOf(this.path, this.port), ...args]));
  }

  /** Resolves when more messages were acknowledged. */
  async goesOn(): Promise<void> {
    const enough = this.#acknowledged + SOME;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, PATIENCE_MS);
    while (this.#acknowledged < enough && !late) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    clearTimeout(timer);
    ok(!late, "Nothing is acknowledged any more");
  }

  /** Lets everybody finish, stops the server in good order and looks into its file. */
  async close(last: Program, { killed = false }: { killed?: boolean } = {}): Promise<void> {
    for (const talker of this.talkers) talker.stop();
    await Promise.all(this.#talks);
    await closeTalkers(this.talkers);
    last.signal("SIGTERM");
    const { code, stderr } = await last.end();
    equal(code, 0, stderr);
    // What ends in order leaves nothing else behind; what killed ones leave is there until the next start.
    const left = [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
    deepEqual(
      killed ? left.filter((name) => !/^(takeover|operator)-|^server\.json\.\d/.test(name)) : left,
      FILES,
    );
    assertAllKept(this.path, this.channelId, this.talkers);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client } of this.talkers) await client.close();
    await this.#cleanup.disposeAsync();
  }
}

/** Asks again and again whether the server is ready, each time by a connection of its own. */
class Probe {
  readonly #failed = new Set<string>();
  readonly #over: Promise<void>;
  #ended = false;

  constructor(port: string) {
    this.#over = this.#run(`http://127.0.0.1:${port}/readyz`);
  }

  /** Which checks failed at any time. */
  async end(): Promise<ReadonlySet<string>> {
    this.#ended = true;
    await this.#over;
    return this.#failed;
  }

  async #run(url: string): Promise<void> {
    while (!this.#ended) {
      using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
      // A connection that the old process has not looked at is cut with its listener.
      const answer = await fetch(url, { client }).then((response) => response.json(), () => undefined);
      for (const { check } of answer?.failing ?? []) this.#failed.add(check);
    }
  }
}

const FILES = ["lock", "lock.next", "rookery.db", "secret.key", "server.json"];

function argsOf(path: string, port: string): string[] {
  return ["--port", port, "--data", path, "--registration", "open", "--bcrypt-cost", "4"];
}

/** Connections that the clients have had. */
function connections({ talkers }: Scene): number[] {
  return talkers.map(({ client }) => client.stats.connections);
}

Deno.test("O10 a second server takes over while people write, again and again; nothing is lost or doubled", async () => {
  const { scene, first } = await Scene.open();
  await using _ = scene;
  const probe = new Probe(scene.port);
  let holder = first;
  for (let round = 0; round < 3; round++) {
    const heir = scene.start("--takeover");
    match(await heir.prints("Data: "), /^Taken over from process \d+, Rookery \d+\.\d+\.\d+$/m);
    const { code, stderr } = await holder.end();
    equal(code, 0, stderr);
    match(stderr, /Another server has taken over/);
    await scene.goesOn();
    holder = heir;
  }
  ok(!(await probe.end()).has("draining"), "Nobody is told to send no more clients there");
  await scene.close(holder);
});

Deno.test("O10 an heir that fails before it asks disturbs nobody", async () => {
  const { scene, first } = await Scene.open();
  await using _ = scene;
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const inUse = await run("--data", scene.path, "--takeover", "--port", String(port));
  deepEqual([inUse.code, inUse.stderr.split("\n").at(-2)], [
    1,
    `rookery: Port ${port} is in use: choose another with --port`,
  ]);
  setSchema(scene.path, 999);
  const older = await run("--data", scene.path, "--takeover", "--port", scene.port);
  equal(older.code, 1);
  match(older.stderr, /written by a newer Rookery/);
  setSchema(scene.path, MIGRATIONS.length);
  await scene.goesOn();
  deepEqual(connections(scene), scene.talkers.map(() => 1));
  await scene.close(first);
});

Deno.test("O10 an heir that fails when it has the folder gives it back: the clients do not even reconnect", async () => {
  const { scene, first } = await Scene.open();
  await using _ = scene;
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const metricsPort = String((taken.addr as Deno.NetAddr).port);
  const heir = scene.start("--takeover", "--metrics-port", metricsPort);
  const { code, stderr } = await heir.end();
  equal(code, 1);
  match(stderr, /rookery: Port \d+ for metrics is in use/);
  match(await first.prints("Serving again", "stderr"), /could not take over.*for metrics is in use/);
  await scene.goesOn();
  deepEqual(connections(scene), scene.talkers.map(() => 1));
  // The next one succeeds.
  const better = scene.start("--takeover");
  await better.address();
  equal((await first.end()).code, 0);
  await scene.goesOn();
  await scene.close(better);
});

Deno.test("O10 where no socket can be made a server starts as ever and says that it cannot be taken over", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/${"long".repeat(40)}`;
  await using program = new Program(argsOf(path, "0"));
  await program.address();
  match(await program.prints("cannot be taken over", "stderr"), /"level":"warn"/);
  program.signal("SIGTERM");
  equal((await program.end()).code, 0);
});

Deno.test("O10 a server of a version that cannot be taken over is left alone, in plain words", async () => {
  await using folder = await temporaryFolder();
  await using program = new Program(argsOf(folder.path, "0"));
  await program.address();
  const file = `${folder.path}/server.json`;
  const { takeover, ...older } = JSON.parse(await Deno.readTextFile(file));
  match(takeover, /^takeover-.+\.sock$/);
  await Deno.writeTextFile(file, JSON.stringify(older));
  const heir = await run("--takeover", "--port", "0", "--data", folder.path);
  equal(heir.code, 1);
  match(
    heir.stderr,
    /^rookery: The data folder \S+ is in use by a server of an older version, or by another command/,
  );
  program.signal("SIGTERM");
  equal((await program.end()).code, 0);
});

Deno.test("O10 with no server to take over from it is an ordinary start", async () => {
  await using folder = await temporaryFolder();
  await using killed = new Program(argsOf(folder.path, "0"));
  await killed.address();
  killed.kill();
  await killed.end();
  await using program = new Program([...argsOf(folder.path, "0"), "--takeover"]);
  await program.address();
  ok(!(await program.prints("Data: ")).includes("Taken over"));
  program.signal("SIGTERM");
  equal((await program.end()).code, 0);
  // What the killed one had left is gone as well.
  deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), FILES);
});

Deno.test("O10 of two heirs at once one takes over, the other one says why not or takes over from it", async () => {
  const { scene, first } = await Scene.open();
  await using _ = scene;
  const heirs = [scene.start("--takeover"), scene.start("--takeover")];
  equal((await first.end()).code, 0);
  await scene.goesOn();
  // Whichever comes first, one of them ends: the refused one, or the one that is taken over from.
  const ends = heirs.map((heir) => heir.end({ patient: true }).then((end) => ({ heir, end })));
  const { heir, end } = await Promise.race(ends);
  if (end.code !== 0) match(end.stderr, /being taken over by process \d+ already|in use/);
  const last = heirs.find((other) => other !== heir)!;
  await last.address();
  await scene.goesOn();
  await scene.close(last);
});

Deno.test("O10 SIGKILL of either at any moment of a handover loses nothing", async () => {
  const seed = Date.now() % 2 ** 32;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const { scene, first } = await Scene.open();
  await using _ = scene;
  let holder = first;
  for (let round = 0; round < KILLS; round++) {
    const heir = scene.start("--takeover");
    const victim = random.next() < 0.5 ? heir : holder;
    // Most of the time is the start of the heir; the handover is at its end, and moves with the machine's speed.
    if (random.next() < 0.7) await holder.prints("Handing over", "stderr", { orEnd: true });
    await new Promise((resolve) => setTimeout(resolve, random.next() * HANDOVER_MS));
    victim.kill();
    await victim.end();
    const survivor = victim === heir ? holder : heir;
    // The heir may have been killed when everything was its own already; then there is nobody, as after any crash.
    holder = await serves(scene, survivor) ? survivor : scene.start("--takeover");
    await holder.address();
    await scene.goesOn();
  }
  await scene.close(holder, { killed: true });
});

/** Whether it serves, or will; false when it ends instead. */
async function serves(scene: Scene, program: Program): Promise<boolean> {
  const going = scene.goesOn().then(() => true);
  return await Promise.race([going, program.end({ patient: true }).then(() => false)]);
}

/** Sets the schema's version behind the back of the server. */
function setSchema(path: string, version: number): void {
  using db = new DatabaseSync(`${path}/rookery.db`, { timeout: 5000 });
  db.exec(`PRAGMA user_version = ${version}`);
}
