/** `rookery example`: files for running a server, with the operator's values in them. @module */
import { readArguments } from "./arguments.ts";
import { EXAMPLES, exampleText } from "./example/files.ts";
import { fillIn } from "./example/fill.ts";
import { say, sayFile } from "./say.ts";
import { type Subcommand, UsageError } from "./subcommand.ts";

const FLAGS = {
  domain: "text",
  port: "text",
  "metrics-port": "text",
  data: "text",
  backups: "text",
  program: "text",
  path: "text",
} as const;

export const example: Subcommand = {
  name: "example",
  summary: "Print files for running a server: systemd, nginx, Caddy, Docker, Prometheus",
  help: () =>
    `Usage: rookery example [NAME] [options]

Prints one of these files, which say inside where they belong; without NAME it
lists them. Values that are not given stay as they are in the file.

${listing()}

  --domain NAME      Host name that people use (chat.example.org)
  --path PATH        Path below it, for instance /chat/ (/)
  --port N           Port that the server listens on (8080)
  --metrics-port N   Port that serves metrics (9464)
  --data FOLDER      The server's data folder (/var/lib/rookery)
  --backups FOLDER   Where backups go (/var/backups/rookery)
  --program FILE     Where this program is installed (/usr/local/bin/rookery)`,
  async run(args) {
    const { flags, positionals } = readArguments(args, FLAGS);
    const [name, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`Unexpected argument ${JSON.stringify(more[0])} (see --help)`);
    if (name === undefined) {
      const given = Object.entries(flags).find(([, value]) => value !== undefined);
      if (given) throw new UsageError(`--${given[0]} needs a NAME before it: which file? (see --help)`);
      say(listing());
      return 0;
    }
    const found = EXAMPLES.find((file) => file.name === name);
    if (!found) {
      const known = EXAMPLES.map((file) => file.name).join(", ");
      throw new UsageError(`There is no example ${JSON.stringify(name)}: choose ${known}`);
    }
    sayFile(fillIn(await exampleText(found), flags).trimEnd());
    return 0;
  },
};

function listing(): string {
  const width = Math.max(...EXAMPLES.map(({ name }) => name.length));
  return EXAMPLES.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n");
}
