/**
 * The table of everything that can be set for a server. Flags, variables,
 * keys of the file, `--help`, the commented file, docs/configuration.md and
 * the permission lists of deno.json are all made of it.
 *
 * @module
 */
import type { LogLevel } from "../chat/log_event.ts";
import { Registration } from "../chat/model.ts";
import {
  addressRanges,
  choice,
  host,
  hostNames,
  type Kind,
  onOff,
  origins,
  path,
  text,
  url,
  whole,
} from "./kinds.ts";

/** Lines for programs or for people; "auto" is for people in a terminal. */
export type LogFormat = "auto" | "json" | "text";

export interface Settings {
  readonly host: string;
  /** 0 asks the system for a free one. */
  readonly port: number;
  /** PEM files, as given; both or neither. Undefined means plain HTTP. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  /** Days that browsers are told to use HTTPS alone; 0 tells them nothing. */
  readonly hstsDays: number;
  /** Undefined means that of the listener; see `publicUrl`. */
  readonly url: string | undefined;
  /** Folder, as given: relative to the working folder. */
  readonly data: string;
  /** What the server is called in clients; undefined lets its owners say. */
  readonly name: string | undefined;
  readonly registration: Registration;
  /** Names of this server besides that of its public address, in lower case. */
  readonly hosts: readonly string[];
  /** Origins besides the server's own whose pages may connect. */
  readonly origins: readonly string[];
  /** IP addresses and networks, in canonical spelling, whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly bcryptCost: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Level of the line about each request. */
  readonly logRequests: "debug" | "info";
  /** 0 asks the system for a free one; undefined means no metrics. */
  readonly metricsPort: number | undefined;
  readonly metricsHost: string;
  /** Takes the place of the server that has the data folder, if there is one. */
  readonly takeover: boolean;
}

/** One row: flag `--name`, file key `name`, and the environment's {@link envName}. */
export interface Option<K extends keyof Settings = keyof Settings> {
  readonly name: string;
  readonly key: K;
  readonly kind: Kind<Settings[K]>;
  readonly fallback: Settings[K];
  /** What it sets; one sentence without its full stop. */
  readonly help: string;
  /** The fallback in the help's words. */
  readonly fallbackHelp?: string;
  /** Stands in the commented file when there is no fallback. */
  readonly example?: string | number;
  /** Another value is followed after SIGHUP; otherwise after a restart. */
  readonly live?: true;
  /** The value is a path itself, so no variable names a file that holds it. */
  readonly isPath?: true;
  /** The value is shown to nobody. */
  readonly secret?: true;
}

/** The row of any setting. */
export type AnyOption = { [K in keyof Settings]: Option<K> }[keyof Settings];

const NONE: readonly string[] = Object.freeze([]);

const ADDRESS: readonly AnyOption[] = [
  {
    name: "host",
    key: "host",
    kind: host,
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
    name: "tls-cert",
    key: "tlsCert",
    kind: path("FILE"),
    fallback: undefined,
    fallbackHelp: "none: plain HTTP",
    example: "/etc/letsencrypt/live/chat.example.com/fullchain.pem",
    help: "Certificate in PEM, with those in between behind it: the server speaks HTTPS itself",
    live: true,
    isPath: true,
  },
  {
    name: "tls-key",
    key: "tlsKey",
    kind: path("FILE"),
    fallback: undefined,
    fallbackHelp: "none",
    example: "/etc/letsencrypt/live/chat.example.com/privkey.pem",
    help: "Private key of the certificate in PEM, without a passphrase",
    live: true,
    isPath: true,
  },
  {
    name: "hsts-days",
    key: "hstsDays",
    kind: whole(0, 730),
    fallback: 0,
    help:
      "With a certificate: days that browsers use HTTPS alone for this host name, whatever the port; 0 for none",
    live: true,
  },
  {
    name: "url",
    key: "url",
    kind: url,
    fallback: undefined,
    fallbackHelp: "http://HOST:PORT, or https with a certificate",
    example: "https://chat.example.com",
    help: "Public address, used in links; the chat then opens under its name, and under those of --hosts",
  },
  {
    name: "hosts",
    key: "hosts",
    kind: hostNames,
    fallback: NONE,
    fallbackHelp: "none",
    help:
      "Further names of this server, such as chat.local; loopback names and addresses need none without --url",
    live: true,
  },
];

const PEOPLE: readonly AnyOption[] = [
  {
    name: "name",
    key: "name",
    kind: text("TEXT", 64),
    fallback: undefined,
    fallbackHelp: "what an owner calls it, else Rookery",
    help: "What the server is called in clients",
    example: "Our chat",
    live: true,
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
    live: true,
  },
  {
    name: "origins",
    key: "origins",
    kind: origins,
    fallback: NONE,
    fallbackHelp: "none",
    help: "Origins besides the server's own whose pages may connect",
    live: true,
  },
  {
    name: "trusted-proxies",
    key: "trustedProxies",
    kind: addressRanges,
    fallback: NONE,
    fallbackHelp: "none",
    help: "Proxies whose X-Forwarded-For is believed: addresses, and networks like 10.0.0.0/8",
    live: true,
  },
];

const MACHINE: readonly AnyOption[] = [
  {
    name: "data",
    key: "data",
    kind: path("FOLDER"),
    fallback: "./data",
    help: "Folder of the database and the server's secret",
    isPath: true,
  },
  {
    name: "bcrypt-cost",
    key: "bcryptCost",
    kind: whole(4, 20),
    fallback: 12,
    help: "Work for one password, as a power of 2; 12 takes 0.25 s",
  },
  {
    name: "log-level",
    key: "logLevel",
    kind: choice<LogLevel>({ debug: "debug", info: "info", warn: "warn", error: "error" }),
    fallback: "info",
    help: "Least important events that are logged",
    live: true,
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
    live: true,
  },
  {
    name: "metrics-port",
    key: "metricsPort",
    kind: whole(0, 65_535),
    fallback: undefined,
    fallbackHelp: "none: no metrics",
    example: 9464,
    help: "Port that serves /metrics for Prometheus; 0 takes a free one",
  },
  {
    name: "metrics-host",
    key: "metricsHost",
    kind: host,
    fallback: "127.0.0.1",
    help: "Address that metrics are served on, to everybody who reaches it",
  },
  {
    name: "takeover",
    key: "takeover",
    kind: onOff,
    fallback: false,
    fallbackHelp: "off",
    help: "Take the place of the server that runs on the data folder, if one does, without a loss",
  },
];

export const OPTIONS: readonly AnyOption[] = [...ADDRESS, ...PEOPLE, ...MACHINE];

/** Path of the file with settings; it cannot stand in the file itself. */
export const CONFIG_OPTION = {
  name: "config",
  placeholder: "FILE",
  help: 'JSON file with these options by name, and with "limits"; comments are allowed',
  isPath: true,
} as const;

/** Limits by their names, in one flag or variable; an object in the file. */
export const LIMITS_OPTION = {
  name: "limits",
  placeholder: "NAME=N,…",
  help: "Sizes, counts and rates that are enforced; docs/configuration.md has them all",
} as const;

/** Name of an option in the environment: `log-level` is ROOKERY_LOG_LEVEL. */
export function envName(option: { readonly name: string }): string {
  return `ROOKERY_${option.name.toUpperCase().replaceAll("-", "_")}`;
}

/** Name of the variable that names a file with the option's value, as Docker's and systemd's secrets come. */
export function envFileName(option: { readonly name: string }): string {
  return `${envName(option)}_FILE`;
}

/** The value for people: as the file would hold it, or what stands for none. */
export function shownValue(option: AnyOption, value: Settings[keyof Settings]): string {
  if (value === undefined) return "none";
  if (option.secret) return "[hidden]";
  return JSON.stringify((option.kind as Kind<unknown>).toJson(value!));
}
