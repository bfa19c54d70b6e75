/**
 * `deno task profile`: a flame graph of the real server under load.
 *
 * The parts: `under_load.ts` runs the server and `load.ts` the load generator;
 * `record_cpu.ts` and `record_heap.ts` make of it a tree of calls for each
 * thread, `report.ts` makes the text and `flame_graph.ts` the page.
 *
 * @module
 */
import { dirname } from "node:path";
import { Progress } from "../../tools/demo/progress.ts";
import { complain } from "../../tools/options.ts";
import { flameGraph } from "./flame_graph.ts";
import { HELP, parseOptions, type ProfileOptions } from "./options.ts";
import { recordCpu } from "./record_cpu.ts";
import { recordHeap } from "./record_heap.ts";
import { reportText } from "./report.ts";
import type { Recording } from "./under_load.ts";

const INTERRUPTED = 130;

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (!options) {
    console.log(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Error("Interrupted"));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) Deno.addSignalListener(name, stop);
  try {
    let recording: Recording;
    {
      using progress = new Progress();
      const record = options.heap ? recordHeap : recordCpu;
      recording = await record(options, { progress, signal: interrupt.signal });
    }
    const files = write(options, recording);
    console.log(`${reportText(options, recording)}\n\nWritten: ${files.join(", ")}`);
    return 0;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error("profile: interrupted; everything it started is gone");
    return INTERRUPTED;
  } finally {
    for (const name of signals) Deno.removeSignalListener(name, stop);
  }
}

/** The page, and each thread's profile beside it. */
function write(options: ProfileOptions, recording: Recording): string[] {
  const { out, heap } = options;
  Deno.mkdirSync(dirname(out), { recursive: true });
  Deno.writeTextFileSync(out, flameGraph(options, recording));
  const stem = out.replace(/\.html$/, "");
  const raw = recording.threads.map(({ name, raw }) => {
    const file = `${stem}${name === "main" ? "" : `.${name}`}.${heap ? "heapprofile" : "cpuprofile"}`;
    Deno.writeTextFileSync(file, JSON.stringify(raw));
    return file;
  });
  return [out, ...raw];
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main(Deno.args);
  } catch (error) {
    Deno.exitCode = complain("profile", error);
  }
}
