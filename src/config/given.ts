/** Values as they were given, before they are read, and from where. @module */
import { reasonOf } from "./config_error.ts";
import { envFileName, envName } from "./options.ts";

/** Where a value comes from; `where` names the flag, the variable or the file. */
export interface Origin {
  readonly kind: "flag" | "environment" | "file" | "default";
  readonly where: string;
}

export const DEFAULT_ORIGIN: Origin = Object.freeze({ kind: "default", where: "default" });

/** A value with its origin: text of a flag or variable, or JSON of the file. */
export type Given = { readonly origin: Origin } & ({ readonly text: string } | { readonly json: unknown });

/** The world as far as settings come from it. */
export interface ConfigSources {
  /** Arguments after the subcommand. */
  readonly args: readonly string[];
  /** A variable of the environment; an empty one counts as not set. */
  readonly env: (name: string) => string | undefined;
  /** Text of a file; throws when it cannot be read. */
  readonly readFile: (path: string) => string;
}

/** What is looked at and noted while settings are read. */
export interface Notes {
  readonly sources: ConfigSources;
  /** One line each. */
  readonly problems: string[];
  /** Paths of the files that were read. */
  readonly files: string[];
}

/** The text of a file that settings come from; undefined, and noted, when it cannot be read. */
export function readNoted(path: string, notes: Notes): string | undefined {
  try {
    const text = notes.sources.readFile(path);
    notes.files.push(path);
    return text;
  } catch (error) {
    notes.problems.push(`Cannot read ${path}: ${reasonOf(error)}`);
    return undefined;
  }
}

/** An option's variable, or the text of the file that its `_FILE` twin names. */
export function fromEnvironment(
  option: { readonly name: string; readonly isPath?: boolean },
  notes: Notes,
): Given | undefined {
  const { env } = notes.sources;
  const [name, fileName] = [envName(option), envFileName(option)];
  const [value, file] = [env(name), env(fileName)];
  if (file && option.isPath) {
    notes.problems.push(`${fileName} is not a variable: ${name} is a path itself`);
  } else if (file && value) {
    notes.problems.push(`${name} and ${fileName} are both set: choose one`);
  } else if (file) {
    const text = readNoted(file, notes);
    if (text === undefined) return undefined;
    // Editors and `echo` end a file with a line break that is no part of the secret.
    return {
      origin: { kind: "environment", where: `${fileName} (${file})` },
      text: text.replace(/\r?\n$/, ""),
    };
  }
  return value ? { origin: { kind: "environment", where: name }, text: value } : undefined;
}
