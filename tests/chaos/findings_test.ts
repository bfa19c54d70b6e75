/** Chaos must see what it exists to see: servers that lose, double and end by themselves. */
import { equal, match, ok } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type ChaosResult, runChaos } from "../../tools/chaos/chaos.ts";
import type { Fault } from "../../tools/chaos/faults/fault.ts";
import { summarize, tableText } from "../../tools/chaos/table.ts";
import { countOf, type Fault as Wrong } from "../../tools/demo/findings.ts";
import { Progress } from "../../tools/demo/progress.ts";

const SEED = 5;
/** Kind of a message in the log. */
const MESSAGE = 10;

/** Events at the end of a stream, enough that clients have heard of some. */
const TAIL = 20;

/** Waits until the busiest channel has so many messages. */
async function messagesIn(path: string, count: number, signal: AbortSignal): Promise<void> {
  for (let most = 0; most < count && !signal.aborted;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    using db = new DatabaseSync(path, { readOnly: true });
    const busiest = db.prepare(
      "SELECT count(*) AS messages FROM event WHERE kind = ? GROUP BY stream ORDER BY messages DESC LIMIT 1",
    ).get(MESSAGE);
    most = Number(busiest?.["messages"] ?? 0);
  }
}

/** A server that behaves as if `damage` had happened to its database by its own fault. */
function faulty(damage: (db: DatabaseSync, stream: number) => void): Fault {
  return {
    name: "damage",
    async strike({ host, place, signal }) {
      await messagesIn(`${place.data}/rookery.db`, 4 * TAIL, signal);
      await host.kill();
      const db = new DatabaseSync(`${place.data}/rookery.db`);
      const busiest = db.prepare(
        "SELECT stream FROM event WHERE kind = ? GROUP BY stream ORDER BY count(*) DESC LIMIT 1",
      ).get(MESSAGE)!;
      damage(db, Number(busiest["stream"]));
      db.close();
      await host.restart();
      return true;
    },
  };
}

async function struckBy(fault: Fault): Promise<{ result: ChaosResult; count: (wrong: Wrong) => number }> {
  using progress = new Progress(() => {});
  const options = { seconds: 1, seed: SEED, faults: [], clients: 6, json: false };
  const outfit = { wrapper: [], env: {}, traces: () => [] };
  const result = await runChaos(options, {
    arsenal: { faults: [fault], places: ["plain"], outfit },
    progress,
    signal: new AbortController().signal,
    patienceMs: 5000,
  });
  const findings = result.rounds.flatMap((round) => round.findings);
  return { result, count: (wrong) => countOf(findings, wrong) };
}

/** The run failed as it should, says so, and kept what is needed to look into it. */
async function showsFailure(result: ChaosResult): Promise<void> {
  const summary = summarize(result, { seed: SEED, seconds: 1, notes: [] });
  equal(summary.ok, false);
  match(tableText(summary), /Not as promised\. Again: --seed 5$/);
  const folder = result.evidence!;
  match(await Deno.readTextFile(`${folder}/findings.txt`), /^seed 5\n(lost|doubled) /);
  ok(Deno.statSync(`${folder}/data/rookery.db`).size > 0);
  ok(JSON.parse(await Deno.readTextFile(`${folder}/clients.json`)).length === 6);
  await Deno.remove(folder, { recursive: true });
}

Deno.test("chaos sees that acknowledged messages were lost, though the log has no hole", async () => {
  const { result, count } = await struckBy(faulty((db, stream) => {
    const { head } = db.prepare("SELECT max(seq) AS head FROM event WHERE stream = ?").get(stream)!;
    db.prepare("DELETE FROM event WHERE stream = ? AND seq > ?").run(stream, Number(head) - TAIL);
  }));
  ok(count("lost") > 0);
  await showsFailure(result);
});

Deno.test("chaos sees that a message was stored twice", async () => {
  const { result, count } = await struckBy(faulty((db, stream) => {
    db.prepare(
      `INSERT INTO event (stream, seq, time_ms, actor, kind, target, text, extra)
       SELECT stream, (SELECT max(seq) + 1 FROM event WHERE stream = $stream), time_ms, actor, kind, target, text,
         extra
       FROM event WHERE stream = $stream AND kind = $kind AND text <> '' ORDER BY seq DESC LIMIT 1`,
    ).run({ stream, kind: MESSAGE });
  }));
  ok(count("doubled") > 0);
  await showsFailure(result);
});

Deno.test("chaos sees that the server ended by itself", async () => {
  const { result } = await struckBy({
    name: "crash",
    async strike({ host, signal }) {
      // Nobody has announced this one.
      host.signal("SIGKILL");
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      return true;
    },
  });
  match(result.broken!, /^The server ended by itself/);
  equal(result.rounds.length, 0);
  match(await Deno.readTextFile(`${result.evidence}/findings.txt`), /ended by itself/);
  await Deno.remove(result.evidence!, { recursive: true });
});
