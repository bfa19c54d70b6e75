/**
 * A server's settings: flags before environment before file before defaults.
 *
 *     config/options.ts   the table of all options
 *     config/given.ts     values as they are given, and from where
 *     config/help.ts      what people are told of the table
 *     config/tls.ts       certificate and key
 *
 * @module
 */
import type { LimitName, Limits } from "./chat/limits.ts";
import { ConfigError } from "./config/config_error.ts";
import { readSettingsFile } from "./config/file.ts";
import { readFlags } from "./config/flags.ts";
import {
  type ConfigSources,
  DEFAULT_ORIGIN,
  fromEnvironment,
  type Given,
  type Notes,
  type Origin,
} from "./config/given.ts";
import { overrideLimits } from "./config/limit_overrides.ts";
import { CONFIG_OPTION, LIMITS_OPTION, type Option, OPTIONS, type Settings } from "./config/options.ts";
import { strayVariables } from "./config/variables.ts";

export { ConfigError } from "./config/config_error.ts";
export type { ConfigSources, Origin } from "./config/given.ts";
export { helpText } from "./config/help.ts";
export type { Settings } from "./config/options.ts";

/** Everything that a server is told at its start; frozen. */
export interface Config extends Settings {
  readonly limits: Limits;
}

/** Settings, what is wrong with them, and where each comes from. */
export interface Reading {
  /** With defaults in the place of what could not be read. */
  readonly config: Config;
  /** Arguments that make no sense; one line each. */
  readonly badArguments: readonly string[];
  /** Values that make no sense; one line each. */
  readonly problems: readonly string[];
  readonly origins: ReadonlyMap<keyof Settings, Origin>;
  readonly limitOrigins: ReadonlyMap<LimitName, Origin>;
  /** Paths of the files that were read. */
  readonly files: readonly string[];
}

/** Reads and checks all settings, to the end whatever is wrong. */
export function readConfig(sources: ConfigSources): Reading {
  const notes: Notes = { sources, problems: [], files: [] };
  const names = new Map<string, string | undefined>([
    ...OPTIONS.map((option) => [option.name, option.kind.alone] as const),
    [LIMITS_OPTION.name, undefined],
    [CONFIG_OPTION.name, undefined],
  ]);
  const flags = readFlags(sources.args, names);
  const layers = { flags: flags.values, notes, file: settingsFile(flags.values, notes) };
  const origins = new Map<keyof Settings, Origin>();
  const settings: Record<string, unknown> = {};
  for (const option of OPTIONS as readonly Option[]) {
    const given = givenFor(option, layers)[0];
    origins.set(option.key, given?.origin ?? DEFAULT_ORIGIN);
    settings[option.key] = given ? valueOf(option, { given, problems: notes.problems }) : option.fallback;
  }
  const { limits, origins: limitOrigins } = overrideLimits(
    givenFor(LIMITS_OPTION, layers).reverse(),
    notes.problems,
  );
  const config: Config = Object.freeze({ ...settings as unknown as Settings, limits });
  notes.problems.push(...strayVariables(sources.env), ...contradictions(config));
  const { problems, files } = notes;
  return { config, badArguments: flags.problems, problems, origins, limitOrigins, files };
}

/** Reads and checks all settings; throws ConfigError with one line for each problem. */
export function loadConfig(sources: ConfigSources): Config {
  return usable(readConfig(sources));
}

/** The settings when nothing is wrong with them; throws ConfigError with one line for each problem. */
export function usable({ config, badArguments, problems }: Reading): Config {
  if (badArguments.length + problems.length > 0) throw new ConfigError([...badArguments, ...problems]);
  return config;
}

/** The address for links: the configured one, else that of the listener on this port. */
export function publicUrl(config: Pick<Config, "url" | "host" | "tlsCert">, port: number): string {
  if (config.url !== undefined) return config.url;
  const everywhere = config.host === "0.0.0.0" || config.host === "::";
  const host = everywhere ? "localhost" : config.host.includes(":") ? `[${config.host}]` : config.host;
  return `${config.tlsCert === undefined ? "http" : "https"}://${host}:${port}`;
}

/** Address at which this machine reaches a listener of its own. */
export function localUrl(host: string, port: number): string {
  const local = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${local.includes(":") ? `[${local}]` : local}:${port}`;
}

interface Layers {
  readonly flags: ReadonlyMap<string, string>;
  readonly notes: Notes;
  readonly file: { readonly path: string; readonly json: Record<string, unknown> } | undefined;
}

function settingsFile(flags: ReadonlyMap<string, string>, notes: Notes): Layers["file"] {
  const given = fromEnvironment(CONFIG_OPTION, notes);
  const path = flags.get(CONFIG_OPTION.name) ?? (given && "text" in given ? given.text : undefined);
  return path === undefined ? undefined : { path, json: readSettingsFile(path, notes) };
}

/** All values of one option, the one that counts first. */
function givenFor(
  option: { readonly name: string; readonly isPath?: boolean },
  { flags, notes, file }: Layers,
): Given[] {
  const given: Given[] = [];
  const flag = flags.get(option.name);
  if (flag !== undefined) given.push({ origin: { kind: "flag", where: `--${option.name}` }, text: flag });
  const variable = fromEnvironment(option, notes);
  if (variable) given.push(variable);
  if (file && Object.hasOwn(file.json, option.name)) {
    given.push({ origin: { kind: "file", where: file.path }, json: file.json[option.name] });
  }
  return given;
}

/** The value, or the fallback and a line among the problems. */
function valueOf(option: Option, { given, problems }: { given: Given; problems: string[] }): unknown {
  const { kind } = option;
  const { origin } = given;
  const text = "text" in given ? given.text : kind.textOfJson(given.json);
  const value = text === undefined ? undefined : kind.fromText(text);
  if (value !== undefined) return value;
  const where = origin.kind === "file" ? `"${option.name}" in ${origin.where}` : origin.where;
  const shown = option.secret ? "what it is" : JSON.stringify("text" in given ? given.text : given.json);
  problems.push(`${where} must be ${kind.what}, not ${shown}`);
  return option.fallback;
}

function contradictions({ url, tlsCert, tlsKey, port, host, metricsPort, metricsHost }: Config): string[] {
  const problems: string[] = [];
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const [there, missing] = tlsCert === undefined ? ["tls-key", "tls-cert"] : ["tls-cert", "tls-key"];
    problems.push(`${there} needs ${missing}: a certificate and its key belong together`);
  }
  if (tlsCert !== undefined && url?.startsWith("http:")) {
    problems.push(
      `url is ${url}, but with tls-cert the server speaks HTTPS alone: set url to ${
        url.replace(/^http/, "https")
      }, ` +
        "or leave tls-cert and tls-key out",
    );
  }
  const everywhere = [host, metricsHost].some((name) => name === "0.0.0.0" || name === "::");
  if (port !== 0 && port === metricsPort && (host === metricsHost || everywhere)) {
    problems.push(`port and metrics-port are both ${port}: metrics need a port of their own`);
  }
  return problems;
}
