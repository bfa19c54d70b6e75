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
import { HELP, OptionError, parseOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import { summarize, tableText } from "./table.ts";

const INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (!options) {
    console.log(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  // The run cleans up after itself; a second signal meets nobody and has its usual force.
  const stop = () => {
    forget();
    interrupt.abort(new Error("Interrupted"));
  };
  const forget = () => {
    for (const name of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(name, stop);
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, stop);
  try {
    using progress = new Progress();
    progress.say(`Seed ${options.seed}`);
    const result = await runDemo(options, { progress, signal: interrupt.signal });
    const summary = summarize(result, { seed: options.seed, seconds: progress.seconds });
    progress[Symbol.dispose]();
    console.log(options.json ? JSON.stringify(summary, null, 2) : tableText(summary));
    return summary.ok ? 0 : 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error("demo: interrupted; everything it started is gone");
    return INTERRUPTED;
  } finally {
    if (!interrupt.signal.aborted) forget();
  }
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main(Deno.args);
  } catch (error) {
    console.error(`demo: ${error instanceof OptionError ? error.message : (error as Error).stack ?? error}`);
    Deno.exitCode = error instanceof OptionError ? 2 : 1;
  }
}
