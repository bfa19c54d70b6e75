/**
 * `deno task demo`: real text, real sockets, a server that is killed in the
 * middle, and a table that says what became of everything.
 *
 * The parts: `corpus.ts` and `writer.ts` make the text, `cast.ts`, `places.ts`
 * and `actor.ts` the conversation; `ledger.ts` writes down what each client is
 * handed, `truth.ts` reads the database, `compare.ts` holds one against the
 * other, and `demo.ts` is the run.
 *
 * @module
 */
import { runDemo } from "./demo.ts";
import { HELP, parseOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import { runTool } from "./run_tool.ts";
import { summarize, tableText } from "./table.ts";

/** Runs it and prints what became of it; true when nothing was wrong. */
async function main(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  const options = parseOptions(args);
  if (!options) {
    console.log(HELP);
    return true;
  }
  using progress = new Progress();
  progress.say(`Seed ${options.seed}`);
  const result = await runDemo(options, { progress, signal });
  const summary = summarize(result, { seed: options.seed, seconds: progress.seconds });
  progress[Symbol.dispose]();
  console.log(options.json ? JSON.stringify(summary, null, 2) : tableText(summary));
  return summary.ok;
}

if (import.meta.main) Deno.exitCode = await runTool("demo", (signal) => main(Deno.args, signal));
