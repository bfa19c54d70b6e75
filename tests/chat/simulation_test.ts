/** The promise, under everything that goes wrong. See simulation/world.ts. @module */
import assert from "node:assert/strict";
import { live, Totals } from "./simulation/campaign.ts";
import type { Mutation } from "./simulation/faulty_writer.ts";
import { PINNED } from "./simulation/pinned.ts";

const SEEDS = 1000;
/** Within which what is done wrong on purpose has to be noticed. */
const MUTANT_SEEDS = 60;

Deno.test("D1 D2 S2 S3 S7 R4 R5 R6 R7 K2 P3 P4 L5: 1,000 seeds of cuts, restarts, failing commits, lost histories", async () => {
  const totals = new Totals();
  for (let seed = 0; seed < SEEDS; seed++) totals.add(await live(seed));
  for (const [name, value] of Object.entries(totals.counts)) assert(value > 0, `no seed had any ${name}`);
});

for (const { seed, found } of PINNED) {
  Deno.test(`a seed that found something once: ${seed}, ${found}`, async () => void await live(seed));
}

Deno.test("the same seed does the same, another one something else", async () => {
  const hashes: string[] = [];
  for (let seed = 0; seed < 20; seed++) {
    const [first, second] = [await live(seed), await live(seed)];
    assert.equal(first.trace.hash, second.trace.hash);
    assert.deepEqual([first.counts, first.server.counts], [second.counts, second.server.counts]);
    hashes.push(first.trace.hash);
  }
  assert.equal(new Set(hashes).size, hashes.length);
});

const MUTATIONS: Record<Exclude<Mutation, "none">, RegExp> = {
  "answer-before-commit": /not stored|where nothing is|is not what/,
  "never-sync": /where nothing is|is not what|was stored 2 times|has \d+ after|stored twice/,
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
    for (let seed = 0; seed < MUTANT_SEEDS; seed++) {
      await live(seed, mutation as Mutation).catch((error: Error) => reports.push(error.message));
    }
    assert(reports.length > 0, `${MUTANT_SEEDS} seeds and nothing was noticed`);
    assert(reports.some((message) => report.test(message)), reports.join("\n"));
  });
}
