/** Subcommands by name, and what the command line says of itself. @module */
import { ConfigError, helpText } from "../config.ts";
import { FolderInUse, UnusableDatabase } from "../store/mod.ts";
import { backup } from "./backup.ts";
import { chat } from "./chat.ts";
import { config } from "./config.ts";
import { doctor } from "./doctor.ts";
import { example } from "./example.ts";
import { invite } from "./invite.ts";
import { exemptLoopback } from "./loopback.ts";
import { Interrupted } from "./prompter.ts";
import { restore } from "./restore.ts";
import { complain, say } from "./say.ts";
import { serve } from "./serve.ts";
import { server } from "./server.ts";
import { type Subcommand, UsageError } from "./subcommand.ts";
import { user } from "./user.ts";
import { verify } from "./verify.ts";
import { version } from "./version.ts";

const SUBCOMMANDS: readonly Subcommand[] = [
  serve,
  chat,
  user,
  invite,
  server,
  backup,
  restore,
  verify,
  config,
  doctor,
  example,
  version,
];

/** Runs what the arguments ask for; returns the exit code: 0 done, 1 failed, 2 not understood, 130 interrupted. */
export async function runCommand(args: readonly string[]): Promise<number> {
  exemptLoopback();
  try {
    return await dispatch(args);
  } catch (error) {
    return report(error);
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  // npm wants a "--" before the arguments of a script; "deno task" passes it on.
  if (args[0] === "--") return await dispatch(args.slice(1));
  const [first, ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") return print(overview());
  if (first === "--version" || first === "-V") return await version.run([]);
  const named = SUBCOMMANDS.find(({ name }) => name === first);
  if (!named && first !== undefined && !first.startsWith("-")) {
    throw new UsageError(`Unknown command: ${first} (see --help)`);
  }
  const subcommand = named ?? serve;
  const own = named ? rest : args;
  if (own.includes("--help") || own.includes("-h")) return print(subcommand.help(own));
  return await subcommand.run(own);
}

function overview(): string {
  const width = Math.max(...SUBCOMMANDS.map(({ name }) => name.length));
  const rows = SUBCOMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Rookery: a self-hosted chat server

Usage: rookery [command] [options]

Commands:
${rows.join("\n")}

Each command has its own --help. Without one it serves, with these options:

${helpText()}`;
}

function print(text: string): number {
  say(text);
  return 0;
}

/** One line for what a person can mend; a stack for what only we can. */
function report(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError) {
    for (const line of error.message.split("\n")) complain(line);
    return 2;
  }
  if (error instanceof Interrupted) return 130;
  const mendable = error instanceof FolderInUse || error instanceof UnusableDatabase ||
    (error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError));
  complain(`${mendable ? (error as Error).message : String((error as Error)?.stack ?? error)}`);
  return 1;
}
