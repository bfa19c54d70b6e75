/**
 * `deno task chaos`: clients of real text on a real server, one fault after
 * the other, and a table that says what became of everything.
 *
 * The parts: `faults/` has one file a fault and what it takes, `place.ts` the
 * disk; `world.ts` is a server with its clients, `round.ts` what happens in
 * it, `examine.ts` the verdict, `evidence.ts` what stays when it is bad. The
 * conversation, the ledgers and the comparison are those of the demo.
 *
 * @module
 */
import { Progress } from "../demo/progress.ts";
import { runTool } from "../demo/run_tool.ts";
import { runChaos } from "./chaos.ts";
import { gatherArsenal } from "./faults/mod.ts";
import { HELP, parseOptions } from "./options.ts";
import { summarize, tableText } from "./table.ts";

/** Runs it and prints what became of it; true when nothing was wrong. */
async function main(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  const options = parseOptions(args);
  if (!options) {
    console.log(HELP);
    return true;
  }
  await using arsenal = await gatherArsenal(options.faults, options.clients);
  using progress = new Progress();
  progress.say(`Seed ${options.seed}`);
  for (const note of arsenal.notes) progress.say(note);
  if (arsenal.faults.length === 0) throw new Error("None of these faults can be had here");
  const result = await runChaos(options, { arsenal, progress, signal });
  const { seconds } = progress;
  const summary = summarize(result, { seed: options.seed, seconds, notes: arsenal.notes });
  progress[Symbol.dispose]();
  console.log(options.json ? JSON.stringify(summary, null, 2) : tableText(summary));
  return summary.ok;
}

if (import.meta.main) Deno.exitCode = await runTool("chaos", (signal) => main(Deno.args, signal));
