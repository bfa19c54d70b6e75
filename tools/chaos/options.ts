/** What chaos can be told. @module */
import { OptionError, readOptions, seedOf, SWITCH, TEXT, whole } from "../options.ts";

export const FAULT_NAMES = [
  "kill",
  "stop",
  "takeover",
  "workers",
  "backup",
  "disk",
  "descriptors",
  "clock",
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export interface ChaosOptions {
  /** No round begins later, except those that every fault is owed once. */
  readonly seconds: number;
  /** Repeats the choices of an earlier run; the network's timing stays its own. */
  readonly seed: number;
  readonly faults: readonly FaultName[];
  /** Connected devices. */
  readonly clients: number;
  /** Print one JSON object instead of the table. */
  readonly json: boolean;
}

export const HELP = `Usage: deno task chaos [options]

Lets SDK clients talk over a real server while one fault after the other strikes
it. After every round it compares what was acknowledged and what every client
holds with the database. Exits with 1 when anything was lost, doubled,
reordered or missing, and keeps the data folder then.

  --seconds N     How long it goes on (default 120); every fault comes once in any case
  --seed N        Repeat the choices of an earlier run (default: a new one, printed)
  --faults LIST   Which ones, with commas between (default: all that can be had here)
                    kill         SIGKILL at a random moment, and a new start
                    stop         SIGSTOP for seconds, then SIGCONT
                    takeover     another process takes over, while either is killed
                    workers      threads that write or check passwords die, the process lives
                    backup       is made, restored elsewhere and compared; the server may be killed meanwhile
                    disk         no space left: a full tmpfs (as root), or a limit for files
                    descriptors  every file descriptor taken by idle connections
                    clock        the clock leaps, to and fro (needs libfaketime)
  --clients N     Connected devices, 6 to 100 (default 12)
  --json          Print one JSON object instead of the table
  --help          Print this`;

/** Reads the arguments; undefined when help was asked for. Throws {@link OptionError}. */
export function parseOptions(args: readonly string[]): ChaosOptions | undefined {
  const options = { seconds: TEXT, seed: TEXT, faults: TEXT, clients: TEXT, json: SWITCH, help: SWITCH };
  const { values } = readOptions(args, options);
  if (values.help) return undefined;
  return {
    seconds: whole("seconds", values.seconds, { from: 1, to: 7 * 24 * 3600 }) ?? 120,
    seed: seedOf(values.seed),
    faults: faultNames(values.faults),
    clients: whole("clients", values.clients, { from: 6, to: 100 }) ?? 12,
    json: values.json ?? false,
  };
}

function faultNames(text: string | undefined): readonly FaultName[] {
  if (text === undefined) return FAULT_NAMES;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !(FAULT_NAMES as readonly string[]).includes(name));
  if (unknown === undefined) return FAULT_NAMES.filter((name) => names.includes(name));
  throw new OptionError(
    `--faults has ${JSON.stringify(unknown)}; there are ${FAULT_NAMES.join(", ")}, with commas between`,
  );
}
