/** The one shape of all subcommands. @module */

export interface Subcommand {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** Text for --help, which stood among these arguments. */
  help(args?: readonly string[]): string;
  /** Runs with the arguments behind the name; returns the exit code. Throws UsageError for bad ones. */
  run(args: readonly string[]): Promise<number>;
}

/** The arguments make no sense: one line that says why, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
