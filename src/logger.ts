/** Events for the operator, one line each. @module */
import type { Log } from "./chat/ports.ts";

/** How much is logged; each level includes those after it. */
export type LogLevel = "info" | "warn" | "error";

export interface LoggerOptions {
  /** Least important level that is written. Default info. */
  readonly level?: LogLevel;
  /** Lines for people instead of JSON. Default: whether standard error is a terminal. */
  readonly terminal?: boolean;
  /** Takes one line without its end. Default: to standard error. */
  readonly write?: (line: string) => void;
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
}

type Fields = Record<string, unknown>;

const RANKS: Record<LogLevel, number> = { info: 0, warn: 1, error: 2 };
const RESERVED = new Set(["time", "level", "message"]);
const HIDDEN = "[hidden]";
/** What people say or prove themselves with belongs in no log, however the field is spelt. */
const SECRET_NAME = /^(text|code)$|token|password|secret|cookie|authorization|invite_?code/i;
const MAX_DEPTH = 4;

/** The port {@link Log}, and `info` for what is merely good to know. */
export class Logger implements Log {
  readonly #terminal: boolean;
  readonly #write: (line: string) => void;
  readonly #now: () => number;
  /** Least important level that is written; may be changed while it runs. */
  level: LogLevel;

  constructor(options: LoggerOptions = {}) {
    this.level = options.level ?? "info";
    this.#terminal = options.terminal ?? Deno.stderr.isTerminal();
    this.#write = options.write ?? ((line) => console.error(line));
    this.#now = options.now ?? Date.now;
  }

  info(message: string, fields?: Fields): void {
    this.#log("info", message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#log("warn", message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#log("error", message, fields);
  }

  #log(level: LogLevel, message: string, fields: Fields = {}): void {
    if (RANKS[level] < RANKS[this.level]) return;
    const time = new Date(this.#now()).toISOString();
    const shown = printable(fields, MAX_DEPTH) as Fields;
    this.#write(
      this.#terminal
        ? forPeople(time, level, { message, fields: shown })
        : JSON.stringify({ time, level, message, ...withoutReserved(shown) }),
    );
  }
}

/** Fields that would replace what every line has get another name. */
function withoutReserved(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [RESERVED.has(name) ? `field.${name}` : name, value]),
  );
}

function forPeople(time: string, level: LogLevel, event: { message: string; fields: Fields }): string {
  const pairs = Object.entries(event.fields).map(([name, value]) => ` ${word(name)}=${word(value)}`);
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${oneLine(event.message)}${pairs.join("")}`;
}

/** A value without blanks as it is, any other in quotes. */
function word(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=\p{C}]+$/u.test(value)) return value;
  return oneLine(JSON.stringify(value) ?? String(value));
}

/** Nothing in a log line may end the line or move the cursor. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\u2028\u2029]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/** The same value without secrets, as JSON can hold it. */
function printable(value: unknown, depth: number): unknown {
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function") {
    return String(value);
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.map((item) => printable(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET_NAME.test(name) ? HIDDEN : printable(item, depth - 1),
    ]),
  );
}
