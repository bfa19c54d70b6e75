/** Flags of the command line that are settings. @module */
import { parseArgs } from "node:util";
import { suggestion } from "../nearest.ts";

export interface Flags {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/**
 * Reads `--name value` and `--name=value` for the known names; everything else
 * is a problem. A name that has a text by itself takes a value after `=` only.
 */
export function readFlags(args: readonly string[], known: ReadonlyMap<string, string | undefined>): Flags {
  const names = [...known.keys()];
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      names.map((name) => [name, { type: known.get(name) === undefined ? "string" : "boolean" }]),
    ),
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
    const before = problems.length;
    const value = token.value ?? known.get(token.name);
    if (!known.has(token.name)) {
      problems.push(`Unknown flag ${token.rawName}${suggestion(token.name, names)}`);
    } else if (value === undefined || (!token.inlineValue && value.startsWith("--"))) {
      problems.push(`${token.rawName} needs a value`);
    } else if (values.has(token.name)) problems.push(`${token.rawName} is given twice`);
    else values.set(token.name, value);
    told = problems.length > before;
  }
  return { values, problems };
}
