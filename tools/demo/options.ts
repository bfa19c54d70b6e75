/** What the demo can be told. @module */
import { parseArgs } from "node:util";

export interface DemoOptions {
  /** Repeats the choices of an earlier run; the network's timing stays its own. */
  readonly seed: number;
  /** Connected devices. */
  readonly clients: number;
  /** Messages that they send together, besides everything else. */
  readonly messages: number;
  /** Print one JSON object instead of the table. */
  readonly json: boolean;
}

/** The arguments make no sense: one line that says why. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

export const HELP = `Usage: deno task demo [options]

Lets SDK clients hold a conversation of real text over a real server, kills the
server with SIGKILL again and again, and compares what every client holds with
the database. Exits with 1 when anything was lost, doubled or reordered.

  --seed N      Repeat the choices of an earlier run (default: a new one, printed)
  --clients N   Connected devices, 6 to 200 (default 24)
  --messages N  Messages that they send, at least 100 (default 3000)
  --json        Print one JSON object instead of the table
  --help        Print this`;

/** Reads the arguments; undefined when help was asked for. Throws {@link OptionError}. */
export function parseOptions(args: readonly string[]): DemoOptions | undefined {
  const number = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { seed: number, clients: number, messages: number, json: flag, help: flag };
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split(". ")[0]} (see --help)`);
  }
  if (values.help) return undefined;
  return {
    seed: whole("seed", values.seed, { from: 0, to: 2 ** 32 - 1 }) ??
      crypto.getRandomValues(new Uint32Array(1))[0]!,
    clients: whole("clients", values.clients, { from: 6, to: 200 }) ?? 24,
    messages: whole("messages", values.messages, { from: 100, to: 1_000_000 }) ?? 3000,
    json: values.json ?? false,
  };
}

/** A whole number between bounds; undefined when it was not given. Throws {@link OptionError}. */
export function whole(
  name: string,
  text: string | undefined,
  { from, to }: { from: number; to: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= from && value <= to) return value;
  throw new OptionError(
    `--${name} must be a whole number from ${from} to ${to}, not ${JSON.stringify(text)}`,
  );
}
