/** Rookery's entry: hands the arguments to a subcommand. @module */
import { runCommand } from "./src/cli/mod.ts";

if (import.meta.main) Deno.exitCode = await runCommand(Deno.args);
