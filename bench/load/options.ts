/** The command line of `deno task load`. @module */
import { parseArgs } from "node:util";

/** Absent where the scenario's own default holds. */
export interface Options {
  readonly users: readonly number[] | undefined;
  readonly rate: number | undefined;
  readonly seconds: number | undefined;
  readonly warmUp: number | undefined;
  readonly bytes: number | undefined;
  readonly wire: "proto" | "json";
  readonly runs: number;
  readonly rooms: number | undefined;
  readonly missed: number | undefined;
  readonly cost: number;
  readonly peers: readonly string[] | undefined;
  readonly processes: number | undefined;
  readonly pin: boolean;
  readonly denoFlags: readonly string[];
  readonly url: string | undefined;
  readonly invite: string | undefined;
  readonly json: boolean;
  readonly html: string | undefined;
}

export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  users: { type: "string" },
  rate: { type: "string" },
  seconds: { type: "string" },
  "warm-up": { type: "string" },
  bytes: { type: "string" },
  wire: { type: "string" },
  runs: { type: "string" },
  rooms: { type: "string" },
  missed: { type: "string" },
  cost: { type: "string" },
  peers: { type: "string" },
  processes: { type: "string" },
  "no-pin": { type: "boolean" },
  "deno-flags": { type: "string" },
  url: { type: "string" },
  invite: { type: "string" },
  json: { type: "boolean" },
  html: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export const OPTIONS_HELP = `Options (defaults are the scenario's, where none is given):
  --users N[,N…]     users; several where the scenario has rows
  --rate N           messages a second of one user (0.1)
  --seconds N        measured time
  --warm-up N        seconds before it, in which code is compiled (6)
  --bytes N          bytes of a message's text, 17 to 4000 (40)
  --wire proto|json  encoding (proto)
  --runs N           measure everything N times (1)
  --rooms N          channels, in 'rooms' and 'durable'
  --missed N         messages that each client misses, in 'reconnect-storm'
  --cost N           bcrypt's cost, in 'login-storm' and 'ladder' (12)
  --peers A,B        which relays, in 'peers': bun, node, socket.io
  --processes N      generator processes (cores - 1)
  --no-pin           do not keep server and generators on cores of their own
  --deno-flags="F…" flags of Deno for the lab's own server, such as --deny-sys
  --url URL          load a server that runs already, in 'steady', 'rooms' and 'soak';
  --invite CODE        users are registered there by this invite, if it needs one
  --json             one JSON object on standard output and nothing else
  --html FILE        a report with charts, in one file
  -h, --help         this text`;

const COST_DEFAULT = 12;

export interface CommandLine {
  readonly scenario: string | undefined;
  readonly options: Options;
  readonly help: boolean;
}

/** Throws UsageError. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) throw new UsageError(`One scenario at a time: '${positionals[1]}' is too many`);
  const number = (name: keyof typeof values, { min, max = Infinity, whole = true }: Range) => {
    const text = values[name];
    if (typeof text !== "string") return undefined;
    return inRange(text, { name, min, max, whole });
  };
  const wire = values.wire ?? "proto";
  if (wire !== "proto" && wire !== "json") throw new UsageError(`--wire takes proto or json, not '${wire}'`);
  return {
    scenario: positionals[0],
    help: values.help ?? false,
    options: {
      users: values.users?.split(",").map((text) =>
        inRange(text, { name: "users", min: 1, max: 100_000, whole: true })
      ),
      rate: number("rate", { min: 0.001, max: 1000, whole: false }),
      seconds: number("seconds", { min: 1 }),
      warmUp: number("warm-up", { min: 1 }),
      bytes: number("bytes", { min: 17, max: 4000 }),
      wire,
      runs: number("runs", { min: 1, max: 100 }) ?? 1,
      rooms: number("rooms", { min: 1, max: 10_000 }),
      missed: number("missed", { min: 1, max: 1000 }),
      cost: number("cost", { min: 4, max: 15 }) ?? COST_DEFAULT,
      peers: values.peers?.split(","),
      processes: number("processes", { min: 1, max: 64 }),
      pin: !(values["no-pin"] ?? false),
      denoFlags: values["deno-flags"]?.split(" ").filter(Boolean) ?? [],
      url: values.url,
      invite: values.invite,
      json: values.json ?? false,
      html: values.html,
    },
  };
}

interface Range {
  readonly min: number;
  readonly max?: number;
  readonly whole?: boolean;
}

function inRange(text: string, { name, min, max, whole }: Required<Range> & { name: string }): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? "a whole number" : "a number";
  const limit = max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
  throw new UsageError(`--${name} takes ${kind} ${limit}, not '${text}'`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split("\n")[0]!);
  }
}
