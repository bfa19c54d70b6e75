/** From a run to an exit code, with an end that cleans up when somebody interrupts. @module */
import { complain } from "../options.ts";

const FAILED = 1;
const INTERRUPTED = 130;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs a tool and returns its exit code: 0 when it is content, 1 when it is
 * not or has thrown, 2 for bad arguments, 130 when it was interrupted. The
 * signal it is given aborts then, and it has to clean up and reject.
 */
export async function runTool(name: string, run: (signal: AbortSignal) => Promise<boolean>): Promise<number> {
  const interrupt = new AbortController();
  // The run cleans up after itself; a second signal meets nobody and has its usual force.
  const stop = () => {
    forget();
    interrupt.abort(new Error("Interrupted"));
  };
  const forget = () => {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, stop);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, stop);
  try {
    return await run(interrupt.signal) ? 0 : FAILED;
  } catch (error) {
    if (interrupt.signal.aborted) {
      console.error(`${name}: interrupted; everything it started is gone`);
      return INTERRUPTED;
    }
    return complain(name, error);
  } finally {
    if (!interrupt.signal.aborted) forget();
  }
}
