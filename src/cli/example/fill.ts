/** Puts an operator's values in the place of those that the shipped files have. @module */
import { UsageError } from "../subcommand.ts";

/** Each as given on the command line; what is left out stays as it is shipped. */
export interface Values {
  readonly domain?: string | undefined;
  readonly port?: string | undefined;
  readonly "metrics-port"?: string | undefined;
  readonly data?: string | undefined;
  readonly backups?: string | undefined;
  readonly program?: string | undefined;
  readonly path?: string | undefined;
}

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  fill(text: string, value: string): string;
}

const NUMBER = /^[1-9]\d{0,4}$/;
/** Characters that mean nothing to shells, systemd, nginx, Caddy and YAML. */
const FOLDER = /^(?:\/[\w.-]+)+$/;
const STATE = "/var/lib/";

const RULES: Readonly<Record<keyof Values, Rule>> = {
  domain: {
    what: "a host name like chat.example.org",
    pattern: /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i,
    fill: (text, value) => text.replaceAll("chat.example.org", value),
  },
  port: {
    what: "a port",
    pattern: NUMBER,
    fill: (text, value) => text.replaceAll(/\b8080\b/g, value),
  },
  "metrics-port": {
    what: "a port",
    pattern: NUMBER,
    fill: (text, value) => text.replaceAll(/\b9464\b/g, value),
  },
  data: { what: "an absolute path of letters, digits and ._-", pattern: FOLDER, fill: fillData },
  backups: {
    what: "an absolute path of letters, digits and ._-",
    pattern: FOLDER,
    fill: (text, value) => text.replaceAll("/var/backups/rookery", value),
  },
  program: {
    what: "an absolute path of letters, digits and ._-",
    pattern: FOLDER,
    fill: (text, value) => text.replaceAll("/usr/local/bin/rookery", value),
  },
  path: { what: "a path like /chat/", pattern: /^\/(?:[\w.-]+\/)+$/, fill: fillPath },
};

/** The text with these values. Throws UsageError for one that is none. */
export function fillIn(text: string, values: Values): string {
  for (const [name, rule] of Object.entries(RULES)) {
    const value = values[name as keyof Values];
    if (value === undefined) continue;
    const port = rule.pattern === NUMBER && Number(value) > 65_535;
    if (port || !rule.pattern.test(value)) {
      throw new UsageError(`--${name} must be ${rule.what}, not ${JSON.stringify(value)}`);
    }
    text = rule.fill(text, value);
  }
  return text;
}

/** systemd makes and opens folders below /var/lib only; others are made by hand and opened by name. */
function fillData(text: string, value: string): string {
  const state = value.startsWith(STATE)
    ? `StateDirectory=${value.slice(STATE.length)}\nStateDirectoryMode=0700`
    : `# Make it first: install -d -o rookery -g rookery -m 700 ${value}\nReadWritePaths=${value}`;
  return text
    .replace("StateDirectory=rookery\nStateDirectoryMode=0700", state)
    .replaceAll("/var/lib/rookery", value);
}

/** Below a path: the proxies take it away, and the server has to know it for links. */
function fillPath(text: string, value: string): string {
  return text
    .replace("location = /metrics {", `location = ${value}metrics {`)
    .replace("location / {\n\t\tproxy_pass", `location ${value} {\n\t\tproxy_pass`)
    .replace("\thandle_path /* {", `\tredir ${value.slice(0, -1)} ${value}\n\thandle_path ${value}* {`)
    .replaceAll(/(--url|ROOKERY_URL:) https:\/\/[\w.-]+/g, `$&${value.slice(0, -1)}`);
}
