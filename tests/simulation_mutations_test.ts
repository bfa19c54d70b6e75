/** The simulation has teeth: in a copy of the sources one thing is made wrong, and it is found. */
import { equal, match } from "node:assert/strict";
import manifest from "../deno.json" with { type: "json" };

interface Mutation {
  /** What the server then does. */
  readonly does: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Within how many it has to be found; {@link SEEDS} when left out. */
  readonly seeds?: number;
  /** Another place that has to be changed for it. */
  readonly also?: { readonly from: string; readonly to: string };
}

const ROOT = new URL("..", import.meta.url).pathname;
/** What the simulation is made of. */
const PARTS = ["src/chat", "src/text", "src/store", "src/wire", "src/client", "tests/chat", "tests/support"];
/** Within which every mutation has to be found. */
const SEEDS = 200;

/** A core that goes round for ever fails here; a run of all seeds takes a tenth of it. */
const ENDLESS_MS = 120_000;

const QUEUE = "src/chat/commit/commit_queue.ts";
const BATCH = "src/chat/commit/batch.ts";
const HUB = "src/chat/delivery/hub.ts";
const REPLAYS = "src/chat/delivery/replays.ts";
const STREAM = "src/chat/delivery/stream.ts";
const PUBLISHER = "src/chat/delivery/publisher.ts";
const CONNECTIONS = "src/chat/connections/connections.ts";
const LIVE = "src/chat/connections/live.ts";

/** A draft's events, as somebody might guess that they will be stored. */
const GUESS =
  "events.map((event, at) => ({ ...event, seq: this.#deps.reader.head(event.stream) + 1 + at, timeMs: 0, actorId }))";

const MUTATIONS: readonly Mutation[] = [
  {
    does: "publish before the commit",
    file: QUEUE,
    from: "      const outcomes = await stored.catch(",
    to: `      for (const { actorId, events } of batch.drafts) this.#publish(${GUESS});
      const outcomes = await stored.catch(`,
  },
  {
    does: "acknowledge before the commit",
    file: QUEUE,
    from: "      const outcomes = await stored.catch(",
    to:
      `      const guessed = batch.drafts.map(({ actorId, events }) => ({ status: "stored", events: ${GUESS} }));
      this.#answer(batch, guessed as never);
      const outcomes = await stored.catch(`,
    also: { from: "      if (outcomes) this.#answer(batch, outcomes);", to: "" },
  },
  {
    does: "store commands without their keys",
    file: BATCH,
    from: "return { actorId: task.actorId, key: task.key, fingerprint",
    to: 'return { actorId: task.actorId, key: "", fingerprint',
  },
  {
    does: "refuse the retry of what was stored, when it would be refused now",
    file: BATCH,
    from: "  if (first) settleFrom(task, first);\n  else",
    to: "  if (first && first.seq < 0) settleFrom(task, first);\n  else",
  },
  {
    does: "give other words under a used key the result of the first",
    file: "src/chat/commit/task.ts",
    from: "    if (contradicts(task.fingerprint, fingerprint)) throw keyTaken();\n",
    to: "",
  },
  {
    does: "give other words under a key of the same batch the result of the first",
    file: QUEUE,
    from: "settleFrom(task, outcome!.events[0]!, batch.drafts[draft]!.fingerprint);",
    to: "settleFrom(task, outcome!.events[0]!);",
    // The two have to share a batch.
    seeds: 2000,
  },
  {
    does: "decide on facts without the decisions of the same batch",
    file: BATCH,
    from: "    for (const event of events) facts.apply(event, task.actorId);",
    to: "",
  },
  {
    does: "decide on facts without the batches before",
    file: QUEUE,
    from: "        applyEvent(this.#deps.facts, event, event);",
    to: "",
  },
  {
    does: "answer what rests on a commit that failed",
    file: QUEUE,
    from: "answer && draft === 0 ? answer() : task.fail(refusal)",
    to: "answer ? answer() : task.fail(refusal)",
    // Removal and message have to share a batch that fails.
    seeds: 2000,
  },
  {
    does: "let the queue grow without a bound",
    file: QUEUE,
    from: "if (this.#waiting.length >= this.#deps.queuedCommands) {",
    to: "if (this.#waiting.length < 0) {",
  },
  {
    does: "begin a replay one event too late",
    file: STREAM,
    from: "return this.#recent.slice(seq + 1 - first);",
    to: "return this.#recent.slice(seq + 2 - first);",
  },
  {
    does: "begin a replay from the disk one event too early",
    file: REPLAYS,
    from: "{ after, upTo, limit });\n    if (events.length !== upTo - after)",
    to: "{ after: after - 1, upTo, limit: limit + 1 });\n    if (events.length !== upTo - after + 1)",
  },
  {
    does: "take for replayed what is too much to be replayed",
    file: REPLAYS,
    from: "if (missing < 0 || tooMuch) return this.#reload(subscriber, stream);",
    to: "if (missing < 0 || tooMuch) return { seq: stream.head, bytes: 0, room: true };",
  },
  {
    does: "go on delivering to one who is behind",
    file: HUB,
    from: "      if (subscriber.behind) continue;",
    to: "",
  },
  {
    does: "send without regard to the room in a socket",
    file: REPLAYS,
    from: "    if (subscriber.behind) return;\n    this.counters.fellBehind++;",
    to: "    if (subscriber.behind !== null) return;\n    this.counters.fellBehind++;",
  },
  {
    does: "forget to cut a removed member off",
    file: PUBLISHER,
    from: "live.lose(connection, channelId);",
    to: "void channelId;",
  },
  {
    does: "forget to cut the sockets of an ended session",
    file: CONNECTIONS,
    from: "      this.#end(connection, SESSION_ENDED);",
    to: "",
  },
  {
    does: "forget to announce a channel that is gained",
    file: PUBLISHER,
    from: "live.gain(connection, channelId);",
    to: "void channelId;",
  },
  {
    does: "resume cursors of another history",
    file: LIVE,
    from: "sameHistory ? seq : Number.POSITIVE_INFINITY",
    to: "sameHistory || true ? seq : Number.POSITIVE_INFINITY",
  },
  {
    does: "skip events without telling to reload",
    file: REPLAYS,
    from: "this.#deps.turns.owe(subscriber, this.#deps.encoders[subscriber.format]!.encode(item));",
    to: "void item;",
  },
  {
    does: "give up, in the SDK, what an ended session could not send",
    file: "src/client/outbox.ts",
    from: 'if (refusal?.code === "unauthenticated") return entry;',
    to: "",
  },
];

async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyTree(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

async function simulate(folder: string, seeds = SEEDS): Promise<{ code: number; output: string }> {
  const program = `${folder}/tests/chat/simulation/main.ts`;
  const { code, stdout } = await new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-prompt", program, "--bail", "--seeds", `${seeds}`],
    stdin: "null",
    stderr: "null",
    signal: AbortSignal.timeout(ENDLESS_MS),
  }).output();
  return { code, output: new TextDecoder().decode(stdout) };
}

Deno.test("every mutation of the core is found by the simulation", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "rookery_mutant_" });
  try {
    for (const part of PARTS) await copyTree(ROOT + part, `${folder}/${part}`);
    await Deno.copyFile(`${ROOT}src/nearest.ts`, `${folder}/src/nearest.ts`);
    await Deno.writeTextFile(
      `${folder}/deno.json`,
      JSON.stringify({ imports: manifest.imports, nodeModulesDir: "none" }),
    );
    await test.step("nothing at all is made wrong: no seed fails", async () => {
      const { code, output } = await simulate(folder);
      equal(code, 0, output);
    });
    for (const { does, file, from, to, seeds, also } of MUTATIONS) {
      await test.step(does, async () => {
        const path = `${folder}/${file}`;
        const source = await Deno.readTextFile(path);
        equal(source.split(from).length, 2, `${file} has this once: ${from}`);
        const mutant = source.replace(from, () => to);
        await Deno.writeTextFile(path, also ? mutant.replace(also.from, () => also.to) : mutant);
        try {
          const { code, output } = await simulate(folder, seeds);
          equal(code, 1, output);
          match(output, /^seed \d+, step \d+: /m);
        } finally {
          await Deno.writeTextFile(path, source);
        }
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
