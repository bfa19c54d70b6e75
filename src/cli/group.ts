/** Subcommands that have subcommands of their own, such as `user add`. @module */
import { type Subcommand, UsageError } from "./subcommand.ts";

/** A flag with its value, and what it means. */
export type FlagHelp = readonly [flag: string, help: string];

/** One of them. */
export interface Action {
  readonly name: string;
  /** What stands behind the name, for instance "NAME [--role ROLE]". */
  readonly usage: string;
  readonly summary: string;
  /** Its own flags and what they mean. */
  readonly options: readonly FlagHelp[];
  /** Runs with the arguments behind the name; returns the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Flags that all actions on a data folder have. */
const FOLDER_OPTIONS: readonly FlagHelp[] = [
  ["--data FOLDER", "The server's data folder (default ./data) [ROOKERY_DATA]"],
  ["--config FILE", "The server's settings [ROOKERY_CONFIG]"],
];

/** Makes one subcommand of several actions. */
export function group(name: string, summary: string, actions: readonly Action[]): Subcommand {
  return {
    name,
    summary,
    help: (args = []) => {
      const action = actions.find((candidate) => args[0] === candidate.name);
      return action ? actionHelp(name, action) : groupHelp(name, { summary, actions });
    },
    run(args) {
      const [first, ...rest] = args;
      const action = actions.find((candidate) => candidate.name === first);
      if (action) return action.run(rest);
      const known = actions.map((candidate) => candidate.name).join(", ");
      const problem = first === undefined ? "Say what to do" : `Unknown: ${name} ${JSON.stringify(first)}`;
      throw new UsageError(`${problem}: ${name} takes one of ${known} (see --help)`);
    },
  };
}

function actionHelp(name: string, action: Action): string {
  const options = flagRows([...action.options, ...FOLDER_OPTIONS]);
  const usage = [name, action.name, action.usage].filter((word) => word !== "").join(" ");
  return `Usage: rookery ${usage}\n\n${action.summary}.\n\n${options}`;
}

function groupHelp(
  name: string,
  { summary, actions }: { readonly summary: string; readonly actions: readonly Action[] },
): string {
  const usages = actions.map((action) => `${action.name} ${action.usage}`.trim());
  const rows = actions.map((action, i) => `  ${name} ${usages[i]}\n      ${action.summary}`);
  return `Usage: rookery ${name} <what> [options]

${summary}. Works with and without a running server.

${rows.join("\n")}

Options:
${flagRows(FOLDER_OPTIONS)}`;
}

function flagRows(options: readonly FlagHelp[]): string {
  const width = Math.max(...options.map(([flag]) => flag.length));
  return options.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join("\n");
}
