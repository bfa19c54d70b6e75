/** `rookery backup`: everything in one file, while the server serves. @module */
import { saveBackup } from "../store/mod.ts";
import { exactly, readArguments } from "./arguments.ts";
import { amount, DATA_FLAGS, DATA_HELP, dataFolder, interruption, size } from "./data_folder.ts";
import { Progress } from "./progress.ts";
import { say } from "./say.ts";
import type { Subcommand } from "./subcommand.ts";

export const backup: Subcommand = {
  name: "backup",
  summary: "Save all data into one file, also while the server runs",
  help: () =>
    `Usage: rookery backup FILE|FOLDER [options]

Saves all data as it is at this moment, checks what was saved as 'rookery
verify' does, and only then gives it its name: FILE, or rookery-DATE-TIME.db
in FOLDER. The server may run on meanwhile. Files are readable by their owner
only.

secret.key is not saved, because it makes whoever has it the operator. Without
it a restored server has everything but the invite links that were sent
before: they get other codes.

  --with-secret   Save secret.key, too, as FILE.key
  --force         Replace FILE
${DATA_HELP}`,
  async run(args) {
    const kinds = { ...DATA_FLAGS, "with-secret": "switch", force: "switch" } as const;
    const { flags, positionals } = readArguments(args, kinds);
    const { "FILE or FOLDER": target } = exactly(positionals, ["FILE or FOLDER"]);
    const startMs = performance.now();
    using interrupted = interruption();
    using progress = new Progress();
    const { path, bytes, counts } = await saveBackup(dataFolder(flags), target, {
      force: flags.force,
      withSecret: flags["with-secret"],
      onProgress: progress.report,
      signal: interrupted.signal,
    });
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    progress[Symbol.dispose]();
    const what = `${amount(counts.messages, "message")}, ${amount(counts.users, "user")}, ${size(bytes)}`;
    say(`Saved and verified ${what} in ${seconds} s: ${path}`);
    return 0;
  },
};
