/** Arguments of the developers' tools, read strictly: what makes no sense is one line, and exit code 2. @module */
import { parseArgs } from "node:util";

/** The arguments make no sense: one line that says why. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

/** An option with a value, and one without. */
export const TEXT = { type: "string" } as const;
export const SWITCH = { type: "boolean" } as const;

type Kinds = Readonly<Record<string, typeof TEXT | (typeof SWITCH & { readonly short?: string })>>;

/** What was given, by name, and the arguments that are no options. Throws {@link OptionError}. */
export function readOptions<const K extends Kinds>(
  args: readonly string[],
  options: K,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals });
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split(/\.?\s*\n|\. /)[0]} (see --help)`);
  }
}

interface Bounds {
  readonly from: number;
  /** No bound when absent. */
  readonly to?: number;
}

/** A number of decimal digits between bounds; undefined when it was not given. Throws {@link OptionError}. */
export function number(name: string, text: string | undefined, bounds: Bounds): number | undefined {
  return between(name, text, { ...bounds, form: /^\d+(\.\d+)?$/, kind: "a number" });
}

/** The same without a fraction. */
export function whole(name: string, text: string | undefined, bounds: Bounds): number | undefined {
  return between(name, text, { ...bounds, form: /^\d+$/, kind: "a whole number" });
}

function between(
  name: string,
  text: string | undefined,
  { from, to = Infinity, form, kind }: Bounds & { readonly form: RegExp; readonly kind: string },
): number | undefined {
  if (text === undefined) return undefined;
  const value = form.test(text) ? Number(text) : NaN;
  if (value >= from && value <= to) return value;
  const bounds = to === Infinity ? `from ${from}` : `from ${from} to ${to}`;
  throw new OptionError(`--${name} must be ${kind} ${bounds}, not ${JSON.stringify(text)}`);
}

/** The seed that was given, or a new one. Throws {@link OptionError}. */
export function seedOf(text: string | undefined): number {
  return whole("seed", text, { from: 0, to: 2 ** 32 - 1 }) ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** Says on standard error why a tool ended; returns its exit code: 2 for bad arguments, else 1. */
export function complain(name: string, error: unknown): number {
  const misused = error instanceof OptionError;
  console.error(`${name}: ${misused ? error.message : (error as Error).stack ?? error}`);
  return misused ? 2 : 1;
}
