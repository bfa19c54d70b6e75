/**
 * Variables of the environment that look like a setting and are none. The server may read `ROOKERY_*` and not list the
 * environment, which has secrets of others; so it asks for the names that people write by mistake.
 *
 * @module
 */
import { CONFIG_OPTION, envFileName, envName, LIMITS_OPTION, OPTIONS } from "./options.ts";

const PREFIX = "ROOKERY_";
const NAMES = [...OPTIONS, LIMITS_OPTION, CONFIG_OPTION].map(({ name }) => name as string);

/** What other programs call a setting. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  ADDRESS: "host",
  BIND: "host",
  BIND_ADDRESS: "host",
  LISTEN: "host",
  LISTEN_ADDRESS: "host",
  HOSTNAME: "host",
  LISTEN_PORT: "port",
  HTTP_PORT: "port",
  HTTPS_PORT: "port",
  CERT: "tls-cert",
  CERTIFICATE: "tls-cert",
  TLS_CERTIFICATE: "tls-cert",
  SSL_CERT: "tls-cert",
  KEY: "tls-key",
  SSL_KEY: "tls-key",
  TLS_PRIVATE_KEY: "tls-key",
  HSTS: "hsts-days",
  PUBLIC_URL: "url",
  BASE_URL: "url",
  ROOT_URL: "url",
  EXTERNAL_URL: "url",
  SERVER_URL: "url",
  DOMAIN: "url",
  SERVER_NAME: "name",
  TITLE: "name",
  REGISTRATIONS: "registration",
  SIGNUP: "registration",
  ALLOWED_ORIGINS: "origins",
  CORS_ORIGINS: "origins",
  PROXIES: "trusted-proxies",
  PROXY: "trusted-proxies",
  TRUST_PROXY: "trusted-proxies",
  TRUSTED_PROXY: "trusted-proxies",
  TRUSTED_PROXIES_IPS: "trusted-proxies",
  DATA_DIR: "data",
  DATA_PATH: "data",
  DATA_FOLDER: "data",
  DATABASE: "data",
  BCRYPT: "bcrypt-cost",
  BCRYPT_ROUNDS: "bcrypt-cost",
  LOG: "log-level",
  LOGLEVEL: "log-level",
  LOG_REQUEST: "log-requests",
  ACCESS_LOG: "log-requests",
  METRICS: "metrics-port",
  METRIC_PORT: "metrics-port",
  METRICS_ADDRESS: "metrics-host",
  SETTINGS: "config",
};

/** One line for each variable that is set, belongs to nothing, and is close to the name of a setting. */
export function strayVariables(env: (name: string) => string | undefined): string[] {
  const known = new Set(NAMES.flatMap((name) => [envName({ name }), envFileName({ name })]));
  const meant = new Map<string, string>();
  for (const [word, name] of Object.entries(OTHER_WORDS)) meant.set(PREFIX + word, envName({ name }));
  for (const name of NAMES) {
    for (const slip of slipsOf(envName({ name }).slice(PREFIX.length))) {
      meant.set(PREFIX + slip, envName({ name }));
    }
  }
  const lines: string[] = [];
  for (const [name, right] of meant) {
    if (known.has(name) || !env(name)) continue;
    lines.push(`${name} is no variable of Rookery; did you mean ${right}?`);
  }
  return lines;
}

/** A letter left out, doubled or changed with the next one; another separator; one or many. */
function* slipsOf(word: string): Generator<string> {
  for (let at = 0; at < word.length; at++) {
    const [before, letter, after] = [word.slice(0, at), word[at]!, word.slice(at + 1)];
    yield before + after;
    yield before + letter + letter + after;
    yield before + after.slice(0, 1) + letter + after.slice(1);
    if (letter === "_") yield `${before}-${after}`;
  }
  yield word.replaceAll("_", "");
  yield `${word}S`;
  yield word.toLowerCase();
}
