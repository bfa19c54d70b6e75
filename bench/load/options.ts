/** The command line of `deno task load`. @module */
import { number, OptionError, readOptions, SWITCH, TEXT, whole } from "../../tools/options.ts";

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
  readonly each: number | undefined;
  readonly missed: number | undefined;
  readonly cost: number;
  readonly peers: readonly string[] | undefined;
  readonly attacks: readonly string[] | undefined;
  readonly processes: number | undefined;
  readonly pin: boolean;
  readonly denoFlags: readonly string[];
  readonly url: string | undefined;
  readonly invite: string | undefined;
  readonly json: boolean;
  readonly html: string | undefined;
}

const OPTIONS = {
  users: TEXT,
  rate: TEXT,
  seconds: TEXT,
  "warm-up": TEXT,
  bytes: TEXT,
  wire: TEXT,
  runs: TEXT,
  rooms: TEXT,
  each: TEXT,
  missed: TEXT,
  cost: TEXT,
  peers: TEXT,
  attacks: TEXT,
  processes: TEXT,
  "no-pin": SWITCH,
  "deno-flags": TEXT,
  url: TEXT,
  invite: TEXT,
  json: SWITCH,
  html: TEXT,
  help: { ...SWITCH, short: "h" },
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
  --each N           of them for each user, in 'rooms' (3)
  --missed N         messages that each client misses, in 'reconnect-storm'
  --cost N           bcrypt's cost, in 'login-storm' and 'ladder' (12)
  --peers A,B        which others, in 'peers' and 'rooms': python, bun, deno, node, socket.io
  --attacks A,B      which rows, in 'abuse': see below
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

/** Throws {@link OptionError}. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = readOptions(args, OPTIONS, true);
  if (positionals.length > 1) {
    throw new OptionError(`One scenario at a time: '${positionals[1]}' is too many`);
  }
  const wire = values.wire ?? "proto";
  if (wire !== "proto" && wire !== "json") throw new OptionError(`--wire takes proto or json, not '${wire}'`);
  return {
    scenario: positionals[0],
    help: values.help ?? false,
    options: {
      users: values.users?.split(",").map((text) => whole("users", text, { from: 1, to: 100_000 })!),
      rate: number("rate", values.rate, { from: 0.001, to: 1000 }),
      seconds: whole("seconds", values.seconds, { from: 1 }),
      warmUp: whole("warm-up", values["warm-up"], { from: 1 }),
      bytes: whole("bytes", values.bytes, { from: 17, to: 4000 }),
      wire,
      runs: whole("runs", values.runs, { from: 1, to: 100 }) ?? 1,
      rooms: whole("rooms", values.rooms, { from: 1, to: 10_000 }),
      each: whole("each", values.each, { from: 1, to: 1000 }),
      missed: whole("missed", values.missed, { from: 1, to: 1000 }),
      cost: whole("cost", values.cost, { from: 4, to: 15 }) ?? COST_DEFAULT,
      peers: values.peers?.split(","),
      attacks: values.attacks?.split(","),
      processes: whole("processes", values.processes, { from: 1, to: 64 }),
      pin: !(values["no-pin"] ?? false),
      denoFlags: values["deno-flags"]?.split(" ").filter(Boolean) ?? [],
      url: values.url,
      invite: values.invite,
      json: values.json ?? false,
      html: values.html,
    },
  };
}
