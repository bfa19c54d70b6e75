/** `rookery config`: the settings, before the server has them. @module */
import { LIMIT_NAMES } from "../chat/limits.ts";
import { readConfig, type Reading, usable } from "../config.ts";
import { DEFAULT_ORIGIN } from "../config/given.ts";
import { defaultFile, helpText } from "../config/help.ts";
import { CONFIG_OPTION, LIMITS_OPTION, OPTIONS, shownValue } from "../config/options.ts";
import { checkPlaces } from "./config_places.ts";
import { complain, say } from "./say.ts";
import { type Subcommand, UsageError } from "./subcommand.ts";
import { table } from "./table.ts";

export const config: Subcommand = {
  name: "config",
  summary: "Print or check the server's settings",
  help: () =>
    `Usage: rookery config print [--effective [options]]
       rookery config check [FILE] [options]

print writes a file of settings with every default, all of it commented out;
with --effective it shows what would hold, and whether each value comes from a
flag, a variable, the file or is the default.

check reads everything as the server would, tells all that is wrong with it,
and looks whether files, folders and certificates are there. FILE stands for
--config FILE. The exit code is 0 when the server would start, 1 when it would
not, 2 when the arguments make no sense.

The options are those of serve:

${helpText()}`,
  run(args) {
    const [action, ...rest] = args;
    if (action === "print") return Promise.resolve(print(rest));
    if (action === "check") return check(rest);
    const problem = action === undefined ? "Say what to do" : `Unknown: config ${JSON.stringify(action)}`;
    throw new UsageError(`${problem}: config takes one of print, check (see --help)`);
  },
};

function print(args: readonly string[]): number {
  const rest = args.filter((arg) => arg !== "--effective");
  if (rest.length < args.length) {
    const reading = read(rest);
    usable(reading);
    say(effective(reading));
    return 0;
  }
  if (args.length > 0) {
    throw new UsageError(`Unexpected argument ${JSON.stringify(args[0])}: print takes none but --effective`);
  }
  say(defaultFile());
  return 0;
}

async function check(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  const named = first !== undefined && !first.startsWith("-");
  const reading = read(named ? [`--${CONFIG_OPTION.name}`, first, ...rest] : args);
  const { config, badArguments } = reading;
  if (badArguments.length > 0) throw new UsageError(`${badArguments.join("\n")} (see --help)`);
  const places = await checkPlaces(config);
  const problems = [...reading.problems, ...places.problems];
  for (const line of places.warnings) complain(`warning: ${line}`);
  for (const line of problems) complain(`${line}`);
  if (problems.length > 0) return 1;
  const files = reading.files.length === 0 ? "no file" : reading.files.join(", ");
  say(`Settings are in order (${files} read)`);
  return 0;
}

function read(args: readonly string[]): Reading {
  return readConfig({ args, env: Deno.env.get, readFile: Deno.readTextFileSync });
}

/** Each setting with its value and where that comes from. */
function effective({ config, origins, limitOrigins }: Reading): string {
  const options = OPTIONS.map((option) => [
    option.name,
    shownValue(option, config[option.key]),
    origins.get(option.key)!.where,
  ]);
  const limits = LIMIT_NAMES.map((name) => [
    `${LIMITS_OPTION.name}.${name}`,
    String(config.limits[name]),
    (limitOrigins.get(name) ?? DEFAULT_ORIGIN).where,
  ]);
  return table(["SETTING", "VALUE", "FROM"], [...options, ...limits]);
}
