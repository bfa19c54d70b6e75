/** `rookery verify`: is everything there, and does it agree? @module */
import { damageOf, verifyFile, verifyFolder } from "../store/mod.ts";
import { readArguments } from "./arguments.ts";
import { DATA_FLAGS, DATA_HELP, dataFolder, interruption } from "./data_folder.ts";
import { Progress } from "./progress.ts";
import { say, tell } from "./say.ts";
import { type Subcommand, UsageError } from "./subcommand.ts";
import { table } from "./table.ts";

export const verify: Subcommand = {
  name: "verify",
  summary: "Check a data folder or a backup, also while the server runs",
  help: () =>
    `Usage: rookery verify [BACKUP] [options]

Reads all data and changes nothing: SQLite's own check of every page and
index; the numbers of every stream, which must be 1, 2, 3 … without a gap; and
every table against what the log of events says. Without BACKUP it reads the
data folder, where a server may be running.

The exit code is 0 when all is well, and 1 when something is damaged; each
damage is a line on standard error.

${DATA_HELP}`,
  async run(args) {
    const { flags, positionals } = readArguments(args, DATA_FLAGS);
    const [backup, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`Unexpected argument ${JSON.stringify(more[0])} (see --help)`);
    if (backup !== undefined && flags.data !== undefined) {
      throw new UsageError("Give either BACKUP or --data, not both");
    }
    using interrupted = interruption();
    using progress = new Progress();
    const options = { onProgress: progress.report, signal: interrupted.signal };
    const result = backup === undefined
      ? await verifyFolder(dataFolder(flags), options)
      : await verifyFile(backup, options);
    progress[Symbol.dispose]();
    const rows = result.checks.map(({ name, found, problems }) => [
      name,
      problems.length === 0 ? "ok" : "DAMAGED",
      found,
    ]);
    say(table(["CHECK", "STATE", "FOUND"], rows));
    const damage = damageOf(result);
    for (const line of damage) tell(line);
    return damage.length === 0 ? 0 : 1;
  },
};
