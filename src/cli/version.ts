import { VERSION } from "../version.ts";
import { say } from "./say.ts";
import { type Subcommand, UsageError } from "./subcommand.ts";

export const version: Subcommand = {
  name: "version",
  summary: "Print the version",
  help: () => "Usage: rookery version\n\nPrints the version of this program.",
  run(args) {
    if (args.length > 0) throw new UsageError(`Unknown argument: ${args[0]}`);
    say(`rookery ${VERSION}`);
    return Promise.resolve(0);
  },
};
