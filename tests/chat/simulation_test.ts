/** The promise, under everything that goes wrong. See simulation/world.ts. @module */
import assert from "node:assert/strict";
import type { Mutation } from "./simulation/faulty_writer.ts";
import { Violation } from "./simulation/witness.ts";
import { World } from "./simulation/world.ts";

/**
 * Seeds that have found something once: channels lost and gained while behind (5, 49, 157, 271), views
 * older than their head (39, 48), an answer before its commit (51), a page behind a removal (189), a
 * limit on reactions that a batch got around (233). They are tried first, and stay.
 */
const PINNED: readonly number[] = [5, 39, 48, 49, 51, 157, 189, 233, 271];
const SEEDS = 250;

async function live(seed: number, mutation: Mutation): Promise<World> {
  const world = new World(seed, mutation);
  try {
    await world.run();
  } catch (error) {
    if (error instanceof Violation) throw new Violation(`seed ${seed}, ${error.message}`);
    throw new Error(`seed ${seed} broke the simulation`, { cause: error });
  }
  return world;
}

Deno.test("D1 D2 S2 S3 S7 R4 R6 R7 K2 P3 P4: 250 seeds of cuts, restarts, failing commits and slow readers", async () => {
  const totals: Record<string, number> = {};
  const count = (counts: Record<string, number>) => {
    for (const [name, value] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + value;
  };
  for (const seed of [...PINNED, ...Array(SEEDS).keys()]) {
    const world = await live(seed, "none");
    count(world.counts);
    count(world.writer.counts);
    for (const { client } of world.devices) count(client.counts);
  }
  for (const [name, value] of Object.entries(totals)) assert(value > 0, `no seed had any ${name}`);
});

const MUTATIONS: Record<Exclude<Mutation, "none">, RegExp> = {
  "answer-before-commit": /not stored|where nothing is|is not what/,
  "forget-keys": /was stored 2 times|where/,
  "never-cut-channel": /a member until|not received|is not what/,
  "never-end-session": /is still served/,
  "drop-event": /after/,
  "double-event": /after/,
  "swap-events": /after/,
};

for (const [mutation, report] of Object.entries(MUTATIONS)) {
  Deno.test(`the simulation notices a server that does: ${mutation}`, async () => {
    const reports: string[] = [];
    for (let seed = 0; seed < 20; seed++) {
      await live(seed, mutation as Mutation).catch((error: Error) => reports.push(error.message));
    }
    assert(reports.length > 0, "20 seeds and nothing was noticed");
    assert(reports.some((message) => report.test(message)), reports.join("\n"));
  });
}
