/** `rookery server`: what concerns the server as a whole, from its own machine. @module */
import { exactly, readArguments } from "./arguments.ts";
import { type Action, group } from "./group.ts";
import { openOperator } from "./operator.ts";
import { say } from "./say.ts";

const FOLDER_FLAGS = { data: "text", config: "text" } as const;

const name: Action = {
  name: "name",
  usage: "[NAME]",
  summary: "Prints what the server is called, or gives it another name",
  options: [],
  async run(args) {
    const { flags, positionals } = readArguments(args, FOLDER_FLAGS);
    const [given] = positionals;
    if (given !== undefined) exactly(positionals, ["NAME"]);
    await using operator = await openOperator(flags);
    if (given !== undefined) await operator.execute("updateServer", { name: given });
    const info = await operator.execute("getServerInfo", {});
    say(given === undefined ? info.name : `The server is called ${info.name}`);
    return 0;
  },
};

export const server = group("server", "Name the server", [name]);
