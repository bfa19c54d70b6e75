/** What the profiler can be told. @module */
import { parseArgs } from "node:util";

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

/** The arguments make no sense: one line that says why. */
export class OptionError extends Error {
  override readonly name = "OptionError";
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
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { users: text, rate: text, seconds: text, out: text, heap: flag, help: flag };
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split(". ")[0]} (see --help)`);
  }
  if (values.help) return undefined;
  const users = number("users", values.users ?? "425", { from: 1, to: 20_000 });
  if (!Number.isInteger(users)) throw new OptionError(`--users must be a whole number, not ${users}`);
  const out = values.out ?? DEFAULT_OUT;
  if (!out.endsWith(".html")) {
    throw new OptionError(`--out must end with .html, unlike ${JSON.stringify(out)}`);
  }
  return {
    users,
    rate: number("rate", values.rate ?? "0.1", { from: 0.001, to: 1000 }),
    seconds: number("seconds", values.seconds ?? "15", { from: 1, to: 600 }),
    out,
    heap: values.heap ?? false,
  };
}

function number(name: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= from && value <= to) return value;
  throw new OptionError(`--${name} must be a number from ${from} to ${to}, not ${JSON.stringify(text)}`);
}
