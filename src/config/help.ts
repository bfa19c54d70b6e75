/** What people are told of the table: `--help`, and the file with everything in it. @module */
import { LIMIT_NAMES, LIMITS } from "../chat/limits.ts";
import type { Kind } from "./kinds.ts";
import { type AnyOption, CONFIG_OPTION, envName, LIMITS_OPTION, OPTIONS } from "./options.ts";

/** The options as aligned lines for `--help`, each with its default and environment name. */
export function helpText(): string {
  const rows = OPTIONS.map((option) => ({
    flag: `--${option.name} ${option.kind.placeholder}`,
    help: `${option.help} (default ${fallbackText(option)})`,
    env: envName(option),
  }));
  for (const option of [LIMITS_OPTION, CONFIG_OPTION]) {
    rows.push({
      flag: `--${option.name} ${option.placeholder}`,
      help: option.help,
      env: envName(option),
    });
  }
  const width = Math.max(...rows.map((row) => row.flag.length));
  const lines = rows.map((row) => `  ${row.flag.padEnd(width)}  ${row.help} [${row.env}]`);
  return `${lines.join("\n")}

Flags win over variables, variables over the file. NAME_FILE instead of a variable NAME names a file with
its value. SIGHUP reads everything again; docs/configuration.md says what is followed without a restart.`;
}

/** The fallback in words. */
export function fallbackText(option: AnyOption): string {
  return option.fallbackHelp ?? String(option.fallback);
}

/** A file of settings with every default, all of it commented out. */
export function defaultFile(): string {
  const options = OPTIONS.map((option) => {
    const json = option.fallback === undefined
      ? option.example
      : (option.kind as Kind<unknown>).toJson(option.fallback);
    const without = option.fallback === undefined ? `; default ${fallbackText(option)}` : "";
    return `  // ${option.help}${without}.${after(option.live)}\n  // "${option.name}": ${
      JSON.stringify(json)
    },\n`;
  });
  const limits = LIMIT_NAMES.map((name) => {
    const { help, unit, fallback, fixed } = LIMITS[name];
    return `    // ${help} (${unit}).${after(!fixed)}\n    // "${name}": ${fallback},\n`;
  });
  return `// Settings of a Rookery server, to be used with --config or ROOKERY_CONFIG. What stands here is the default of
// each, or an example where there is none; remove the // in front of what you change. Flags and variables win over
// this file. After a change send SIGHUP to the server. "rookery config check FILE" tells what is wrong.
{
${options.join("\n")}
  // ${LIMITS_OPTION.help.split(";")[0]}.
  "${LIMITS_OPTION.name}": {
${limits.join("\n")}  },
}`;
}

function after(live: boolean | undefined): string {
  return live ? "" : " Needs a restart.";
}
