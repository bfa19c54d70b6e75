/** The table of everything that can be set for a server. @module */
import type { LogLevel } from "../chat/log_event.ts";
import { Registration } from "../chat/model.ts";
import { addresses, choice, type Kind, origins, text, url, whole } from "./kinds.ts";

/** Lines for programs or for people; "auto" is for people in a terminal. */
export type LogFormat = "auto" | "json" | "text";

export interface Settings {
  readonly host: string;
  /** 0 asks the system for a free one. */
  readonly port: number;
  /** Folder, as given: relative to the working folder. */
  readonly data: string;
  /** What the server is called in clients. */
  readonly name: string;
  readonly registration: Registration;
  /** Origins besides the server's own whose pages may connect. */
  readonly origins: readonly string[];
  /** Lower-case IP addresses whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly bcryptCost: number;
  /** Undefined means that of the listener; see `publicUrl`. */
  readonly url: string | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Level of the line about each request. */
  readonly logRequests: "debug" | "info";
  /** 0 asks the system for a free one; undefined means no metrics. */
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
}

/** One row: flag `--name`, file key `name`, and the environment's {@link envName}. */
export interface Option<K extends keyof Settings = keyof Settings> {
  readonly name: string;
  readonly key: K;
  readonly kind: Kind<Settings[K]>;
  readonly fallback: Settings[K];
  readonly help: string;
  /** The fallback in the help's words. */
  readonly fallbackHelp?: string;
}

type AnyOption = { [K in keyof Settings]: Option<K> }[keyof Settings];

export const OPTIONS: readonly AnyOption[] = [
  {
    name: "host",
    key: "host",
    kind: text("ADDRESS", 255),
    fallback: "127.0.0.1",
    help: "Address to listen on; 0.0.0.0 or :: for all",
  },
  {
    name: "port",
    key: "port",
    kind: whole(0, 65_535),
    fallback: 8080,
    help: "Port to listen on; 0 takes a free one",
  },
  {
    name: "data",
    key: "data",
    kind: text("FOLDER", 4096),
    fallback: "./data",
    help: "Folder of the database and the server's secret",
  },
  {
    name: "name",
    key: "name",
    kind: text("TEXT", 64),
    fallback: "Rookery",
    help: "What the server is called in clients",
  },
  {
    name: "registration",
    key: "registration",
    kind: choice({
      invite: Registration.INVITE,
      open: Registration.OPEN,
      closed: Registration.CLOSED,
    }),
    fallback: Registration.INVITE,
    fallbackHelp: "invite",
    help: "Who may make an account",
  },
  {
    name: "origins",
    key: "origins",
    kind: origins,
    fallback: Object.freeze([]),
    fallbackHelp: "none",
    help: "Origins besides the server's own whose pages may connect",
  },
  {
    name: "trusted-proxies",
    key: "trustedProxies",
    kind: addresses,
    fallback: Object.freeze([]),
    fallbackHelp: "none",
    help: "Proxies whose X-Forwarded-For is believed",
  },
  {
    name: "bcrypt-cost",
    key: "bcryptCost",
    kind: whole(4, 20),
    fallback: 12,
    help: "Work for one password, as a power of 2; 12 takes 0.25 s",
  },
  {
    name: "url",
    key: "url",
    kind: url,
    fallback: undefined,
    fallbackHelp: "http://HOST:PORT",
    help: "Public address, used in links",
  },
  {
    name: "log-level",
    key: "logLevel",
    kind: choice<LogLevel>({ debug: "debug", info: "info", warn: "warn", error: "error" }),
    fallback: "info",
    help: "Least important events that are logged",
  },
  {
    name: "log-format",
    key: "logFormat",
    kind: choice<LogFormat>({ auto: "auto", json: "json", text: "text" }),
    fallback: "auto",
    fallbackHelp: "auto: text in a terminal, else JSON",
    help: "What a line of the log looks like",
  },
  {
    name: "log-requests",
    key: "logRequests",
    kind: choice<"debug" | "info">({ debug: "debug", info: "info" }),
    fallback: "debug",
    help: "Level of the line about each HTTP request",
  },
  {
    name: "metrics-port",
    key: "metricsPort",
    kind: whole(0, 65_535),
    fallback: undefined,
    fallbackHelp: "none: no metrics",
    help: "Port that serves /metrics for Prometheus; 0 takes a free one",
  },
  {
    name: "metrics-host",
    key: "metricsHost",
    kind: text("ADDRESS", 255),
    fallback: "127.0.0.1",
    help: "Address that metrics are served on, to everybody who reaches it",
  },
];

/** Path of the file with settings; it cannot stand in the file itself. */
export const CONFIG_OPTION = {
  name: "config",
  placeholder: "FILE",
  help: 'JSON file with these options by name, and with "limits"',
};

/** Name of an option in the environment: `log-level` is ROOKERY_LOG_LEVEL. */
export function envName(option: { readonly name: string }): string {
  return `ROOKERY_${option.name.toUpperCase().replaceAll("-", "_")}`;
}
