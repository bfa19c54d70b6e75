/** What the profiler can be told. @module */
import { number, OptionError, readOptions, SWITCH, TEXT, whole } from "../../tools/options.ts";

export interface ProfileOptions {
  /** Users in one channel that all of them read. */
  readonly users: number;
  /** Messages a second of one user. */
  readonly rate: number;
  /** How long is profiled, after the warm-up. */
  readonly seconds: number;
  /** Path of the page. */
  readonly out: string;
  /** Where memory is allocated instead of where time goes. */
  readonly heap: boolean;
}

const DEFAULT_OUT = "bench/results/profile.html";

export const HELP = `Usage: deno task profile [options]

Starts the server as its task does, lets users talk in one channel, and writes
a flame graph as one page of HTML and, beside it, the profile for Chrome
DevTools; prints the functions that took most.

  --users N    Users in the channel, each connected (default 425)
  --rate N     Messages a second of one user (default 0.1)
  --seconds N  How long to profile, after the warm-up (default 15)
  --out FILE   The page (default ${DEFAULT_OUT})
  --heap       Where memory is allocated instead of where time goes
  --help       Print this`;

/** Reads the arguments; undefined when help was asked for. Throws {@link OptionError}. */
export function parseOptions(args: readonly string[]): ProfileOptions | undefined {
  const options = { users: TEXT, rate: TEXT, seconds: TEXT, out: TEXT, heap: SWITCH, help: SWITCH };
  const { values } = readOptions(args, options);
  if (values.help) return undefined;
  const out = values.out ?? DEFAULT_OUT;
  if (!out.endsWith(".html")) {
    throw new OptionError(`--out must end with .html, unlike ${JSON.stringify(out)}`);
  }
  return {
    users: whole("users", values.users, { from: 1, to: 20_000 }) ?? 425,
    rate: number("rate", values.rate, { from: 0.001, to: 1000 }) ?? 0.1,
    seconds: number("seconds", values.seconds, { from: 1, to: 600 }) ?? 15,
    out,
    heap: values.heap ?? false,
  };
}
