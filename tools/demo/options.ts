/** What the demo can be told. @module */
import { readOptions, seedOf, SWITCH, TEXT, whole } from "../options.ts";

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
  const options = { seed: TEXT, clients: TEXT, messages: TEXT, json: SWITCH, help: SWITCH };
  const { values } = readOptions(args, options);
  if (values.help) return undefined;
  return {
    seed: seedOf(values.seed),
    clients: whole("clients", values.clients, { from: 6, to: 200 }) ?? 24,
    messages: whole("messages", values.messages, { from: 100, to: 1_000_000 }) ?? 3000,
    json: values.json ?? false,
  };
}
