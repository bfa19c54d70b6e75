/** Arguments of a subcommand, read strictly: whatever is not understood is an error in one line. @module */
import { parseArgs } from "node:util";
import { UsageError } from "./subcommand.ts";

/** Flags by name: "text" takes a value, "texts" may be given repeatedly, "switch" takes none. */
export type FlagKinds = Readonly<Record<string, "text" | "texts" | "switch">>;

type FlagValue = { text: string | undefined; texts: readonly string[]; switch: boolean };

/** What was given. */
export interface Arguments<F extends FlagKinds> {
  readonly flags: { readonly [N in keyof F]: FlagValue[F[N]] };
  readonly positionals: readonly string[];
}

/** Throws UsageError for flags that are unknown, given twice or without their value. */
export function readArguments<F extends FlagKinds>(args: readonly string[], kinds: F): Arguments<F> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [name, { type: kind === "switch" ? "boolean" : "string" }]),
    ),
  });
  const flags = new Map<string, unknown>(
    Object.entries(kinds).map((
      [name, kind],
    ) => [name, kind === "text" ? undefined : kind === "texts" ? [] : false]),
  );
  const positionals: string[] = [];
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    const kind = Object.hasOwn(kinds, name) && rawName.startsWith("--") ? kinds[name] : undefined;
    if (!kind) throw new UsageError(`Unknown flag ${rawName} (see --help)`);
    if (kind === "switch") {
      if (value !== undefined) throw new UsageError(`${rawName} takes no value`);
      flags.set(name, true);
      continue;
    }
    if (value === undefined || (!token.inlineValue && value.startsWith("--"))) {
      throw new UsageError(`${rawName} needs a value`);
    }
    if (kind === "texts") flags.set(name, [...flags.get(name) as string[], value]);
    else if (seen.has(name)) throw new UsageError(`${rawName} is given twice`);
    else flags.set(name, value);
    seen.add(name);
  }
  return { flags: Object.fromEntries(flags) as Arguments<F>["flags"], positionals };
}

/** The positional arguments, when there are exactly these; throws UsageError that names the missing one. */
export function exactly<N extends string>(
  positionals: readonly string[],
  names: readonly N[],
): Readonly<Record<N, string>> {
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing (see --help)`);
  if (positionals.length > names.length) {
    throw new UsageError(`Unexpected argument ${JSON.stringify(positionals[names.length])} (see --help)`);
  }
  return Object.fromEntries(names.map((name, i) => [name, positionals[i]])) as Record<N, string>;
}

/** A whole number within the bounds; the fallback when nothing was given. */
export function wholeNumber(
  text: string | undefined,
  rule: { readonly flag: string; readonly min: number; readonly max: number; readonly fallback: number },
): number {
  if (text === undefined) return rule.fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= rule.min && value <= rule.max) return value;
  throw new UsageError(
    `${rule.flag} must be a whole number from ${rule.min} to ${rule.max}, not ${JSON.stringify(text)}`,
  );
}
