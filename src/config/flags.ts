/** Flags of the command line that are settings. @module */
import { parseArgs } from "node:util";
import { suggestion } from "./config_error.ts";

export interface Flags {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** Reads `--name value` and `--name=value` for the known names; everything else is a problem. */
export function readFlags(args: readonly string[], names: readonly string[]): Flags {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
  });
  const values = new Map<string, string>();
  const problems: string[] = [];
  /** The flag before this token was told of already, and what follows may be its value. */
  let told = false;
  for (const token of tokens) {
    if (token.kind === "positional" && !told) {
      problems.push(`Unexpected argument ${JSON.stringify(token.value)}`);
    }
    told = false;
    if (token.kind !== "option") continue;
    const known = problems.length;
    if (!names.includes(token.name)) {
      problems.push(`Unknown flag ${token.rawName}${suggestion(token.name, names)}`);
    } else if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))) {
      problems.push(`${token.rawName} needs a value`);
    } else if (values.has(token.name)) problems.push(`${token.rawName} is given twice`);
    else values.set(token.name, token.value);
    told = problems.length > known;
  }
  return { values, problems };
}
