/** `rookery restore`: a backup becomes the data of a server. @module */
import { restoreBackup } from "../store/mod.ts";
import { exactly, readArguments } from "./arguments.ts";
import { amount, DATA_FLAGS, DATA_HELP, dataFolder, interruption } from "./data_folder.ts";
import { Progress } from "./progress.ts";
import { say } from "./say.ts";
import type { Subcommand } from "./subcommand.ts";

const SECRETS = {
  backup: "secret.key is the backup's: invite links that it knows go on working",
  kept: "secret.key is the folder's own, as before: invite links that it made go on working",
  none: "secret.key is made anew by the next start: 'rookery invite list' then shows other links than before",
} as const;

export const restore: Subcommand = {
  name: "restore",
  summary: "Make a backup the data of a stopped server",
  help: () =>
    `Usage: rookery restore BACKUP [options]

Checks a file that 'rookery backup' made, and makes it the data of a server
that is stopped. Data of an older version is brought up to date. Clients load
everything anew when they come back.

BACKUP.key becomes secret.key when it is there. Otherwise the folder keeps its
own; without one the next start makes a new one, and invite links that were
sent before do not work any more.

  --end-sessions  Log everybody out. Otherwise all sessions of the backup are
                  good again, also those that have been ended since
  --force         Restore into a folder that holds data; that is kept in it,
                  as replaced-DATE-TIME
${DATA_HELP}`,
  async run(args) {
    const kinds = { ...DATA_FLAGS, "end-sessions": "switch", force: "switch" } as const;
    const { flags, positionals } = readArguments(args, kinds);
    const { BACKUP: file } = exactly(positionals, ["BACKUP"]);
    const endSessions = flags["end-sessions"];
    using interrupted = interruption();
    using progress = new Progress();
    const { counts, schema, secret, aside } = await restoreBackup(file, dataFolder(flags), {
      force: flags.force,
      endSessions,
      onProgress: progress.report,
      signal: interrupted.signal,
    });
    progress[Symbol.dispose]();
    const what = `${amount(counts.messages, "message")}, ${amount(counts.users, "user")} and ` +
      amount(counts.channels, "channel");
    const until = counts.newestMs === 0
      ? ""
      : `; the newest event is of ${new Date(counts.newestMs).toISOString()}`;
    say(`Restored ${what} from ${file}${until}`);
    if (schema.before !== schema.after) {
      say(`Brought from schema ${schema.before} to ${schema.after}`);
    }
    if (aside !== undefined) say(`What was there before is kept in ${aside}`);
    say(SECRETS[secret]);
    say(
      endSessions
        ? "All sessions are ended: everybody has to log in"
        : "Sessions are those of the backup, also such as have been ended since (--end-sessions ends all)",
    );
    return 0;
  },
};
