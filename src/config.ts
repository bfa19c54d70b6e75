/**
 * A server's settings: flags before environment before file before defaults.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { Limits } from "./chat/limits.ts";
import { ConfigError, suggestion } from "./config/config_error.ts";
import { overrideLimits } from "./config/limit_overrides.ts";
import { CONFIG_OPTION, envName, type Option, OPTIONS, type Settings } from "./config/options.ts";

export { ConfigError } from "./config/config_error.ts";
export type { Settings } from "./config/options.ts";

/** Everything that a server is told at its start; frozen. */
export interface Config extends Settings {
  readonly limits: Limits;
}

/** The world as far as settings come from it. */
export interface ConfigSources {
  /** Arguments after the subcommand. */
  readonly args: readonly string[];
  /** A variable of the environment; an empty one counts as not set. */
  readonly env: (name: string) => string | undefined;
  /** Text of a file; throws when it cannot be read. */
  readonly readFile: (path: string) => string;
}

/**
 * Reads and checks all settings. Throws {@link ConfigError} with one line for
 * unknown flags, keys and limits, values out of range and unreadable files.
 */
export function loadConfig(sources: ConfigSources): Config {
  const flags = readFlags(sources.args);
  const file = flags.get(CONFIG_OPTION.name) ?? (sources.env(envName(CONFIG_OPTION)) || undefined);
  const json = file === undefined ? {} : readJson(file, sources.readFile);
  const settings = Object.fromEntries(
    OPTIONS.map((
      option,
    ) => [option.key, settingOf(option as Option, { flags, env: sources.env, file, json })]),
  ) as unknown as Settings;
  return Object.freeze({ ...settings, limits: overrideLimits(json["limits"], file ?? "") });
}

/** The address for links: the configured one, else that of the listener on this port. */
export function publicUrl(config: Pick<Config, "url" | "host">, port: number): string {
  if (config.url !== undefined) return config.url;
  const everywhere = config.host === "0.0.0.0" || config.host === "::";
  const host = everywhere ? "localhost" : config.host.includes(":") ? `[${config.host}]` : config.host;
  return `http://${host}:${port}`;
}

/** The options as aligned lines for `--help`, each with its default and environment name. */
export function helpText(): string {
  const rows = OPTIONS.map((option) => ({
    flag: `--${option.name} ${option.kind.placeholder}`,
    help: `${option.help} (default ${option.fallbackHelp ?? option.fallback})`,
    env: envName(option),
  }));
  rows.push({
    flag: `--${CONFIG_OPTION.name} ${CONFIG_OPTION.placeholder}`,
    help: CONFIG_OPTION.help,
    env: envName(CONFIG_OPTION),
  });
  const width = Math.max(...rows.map((row) => row.flag.length));
  return rows.map((row) => `  ${row.flag.padEnd(width)}  ${row.help} [${row.env}]`).join("\n");
}

function readFlags(args: readonly string[]): Map<string, string> {
  const names = [...OPTIONS.map((option) => option.name), CONFIG_OPTION.name];
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
  });
  const flags = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw new ConfigError(`Unexpected argument ${JSON.stringify(token.value)}`);
    }
    if (token.kind !== "option") continue;
    if (!names.includes(token.name)) {
      throw new ConfigError(`Unknown flag ${token.rawName}${suggestion(token.name, names)}`);
    }
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))) {
      throw new ConfigError(`${token.rawName} needs a value`);
    }
    if (flags.has(token.name)) throw new ConfigError(`${token.rawName} is given twice`);
    flags.set(token.name, token.value);
  }
  return flags;
}

function readJson(path: string, readFile: (path: string) => string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(readFile(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`Cannot read ${path}: ${reason.replaceAll(/\s+/g, " ")}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ConfigError(`${path} must hold one JSON object like { "port": 8080 }`);
  }
  const known = [...OPTIONS.map((option) => option.name), "limits"];
  for (const key of Object.keys(json)) {
    if (!known.includes(key)) {
      throw new ConfigError(`Unknown key ${JSON.stringify(key)} in ${path}${suggestion(key, known)}`);
    }
  }
  return json as Record<string, unknown>;
}

interface Given {
  readonly flags: ReadonlyMap<string, string>;
  readonly env: (name: string) => string | undefined;
  readonly file: string | undefined;
  readonly json: Record<string, unknown>;
}

function settingOf(option: Option, given: Given): unknown {
  const flag = given.flags.get(option.name);
  if (flag !== undefined) {
    return checked(option, flag, { shown: JSON.stringify(flag), where: `--${option.name}` });
  }
  const variable = given.env(envName(option));
  if (variable) return checked(option, variable, { shown: JSON.stringify(variable), where: envName(option) });
  if (!Object.hasOwn(given.json, option.name)) return option.fallback;
  const json = given.json[option.name];
  return checked(option, option.kind.textOfJson(json), {
    shown: JSON.stringify(json),
    where: `"${option.name}" in ${given.file}`,
  });
}

function checked(
  option: Option,
  text: string | undefined,
  source: { readonly shown: string; readonly where: string },
): unknown {
  const value = text === undefined ? undefined : option.kind.fromText(text);
  if (value !== undefined) return value;
  throw new ConfigError(`${source.where} must be ${option.kind.what}, not ${source.shown}`);
}
