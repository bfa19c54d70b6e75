/** Rookery's entry: hands the arguments to a subcommand. @module */
import { runCommand } from "./src/cli/mod.ts";

if (import.meta.main) {
  const code = await runCommand(Deno.args);
  // A silent peer of a listener that was left would keep the process alive.
  Deno.exit(code);
}
