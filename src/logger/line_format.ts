/** An event as one line: JSON for programs, or words for people. @module */
import type { LogLevel } from "../chat/log_event.ts";

export type Fields = Readonly<Record<string, unknown>>;

export interface Line {
  /** RFC 3339, UTC, with milliseconds. */
  readonly time: string;
  readonly level: LogLevel;
  readonly event: string;
  readonly message: string;
  readonly fields: Fields;
}

const RESERVED = new Set(["time", "level", "event", "message"]);
const HIDDEN = "[hidden]";
/** What people say or prove themselves with belongs in no log, however the field is spelt. */
const SECRET_NAME = /^(text|code)$|token|password|secret|cookie|authorization|invite_?code/i;
const DEPTH_MAX = 4;
const ITEMS_MAX = 100;
const CHARS_MAX = 8192;
/** Control, direction and invisible characters, which JSON alone does not escape. */
const UNSAFE = /[\p{C}\u2028\u2029]/gu;

/** One JSON object: what every line has comes first. */
export function jsonLine({ time, level, event, message, fields }: Line): string {
  const json = JSON.stringify({ time, level, event, message, ...withoutReserved(printed(fields)) });
  return json.replaceAll(UNSAFE, unicodeEscapes);
}

/** `TIME level Message event=name field=value …` */
export function textLine({ time, level, event, message, fields }: Line): string {
  const pairs = Object.entries({ event, ...withoutReserved(printed(fields)) })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${word(name)}=${word(value)}`);
  return `${time} ${level.padEnd(5)} ${oneLine(message)}${pairs.join("")}`;
}

/** Fields that would replace what every line has get another name. */
function withoutReserved(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [RESERVED.has(name) ? `field.${name}` : name, value]),
  );
}

/** A value without blanks as it is, any other in quotes. */
function word(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=\p{C}]+$/u.test(value)) return value;
  return oneLine(JSON.stringify(value) ?? String(value));
}

/** Nothing in a log line may end the line or move the cursor. */
function oneLine(text: string): string {
  return text.replaceAll(UNSAFE, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

function unicodeEscapes(char: string): string {
  return Array.from(
    { length: char.length },
    (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}

function printed(fields: Fields): Fields {
  return printable(fields, DEPTH_MAX) as Fields;
}

/** The same value without secrets and in bounds, as JSON can hold it. */
function printable(value: unknown, depth: number): unknown {
  if (typeof value === "string") return bounded(value);
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function") {
    return bounded(String(value));
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return bounded(value.stack ?? `${value.name}: ${value.message}`);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (depth === 0) return "…";
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => printable(item, depth - 1));
  return Object.fromEntries(
    Object.entries(value).slice(0, ITEMS_MAX).map(([name, item]) => [
      bounded(name),
      SECRET_NAME.test(name) ? HIDDEN : printable(item, depth - 1),
    ]),
  );
}

function bounded(text: string): string {
  return text.length <= CHARS_MAX ? text : `${text.slice(0, CHARS_MAX)}… (${text.length} characters)`;
}
