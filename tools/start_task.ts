/** What `deno task start` runs, for those who start the server as the task does, with flags of their own. @module */
import manifest from "../deno.json" with { type: "json" };

export interface StartTask {
  /** Switches of Deno's runtime. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of deno: the subcommand and its flags, and behind them the program. */
  readonly args: readonly string[];
}

/** The task's parts. Throws Error when it is not `NAME=value … deno run …`. */
export function startTask(): StartTask {
  const words = manifest.tasks.start.command.split(" ");
  const at = words.indexOf("deno");
  const settings = words.slice(0, at).map((word) => word.split("="));
  if (words[at + 1] !== "run" || settings.some(({ length }) => length !== 2)) {
    throw new Error("The start task is not a plain deno run");
  }
  return { env: Object.fromEntries(settings), args: words.slice(at + 1) };
}
