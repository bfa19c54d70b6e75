/**
 * What commands print. Whatever comes from a server, a file, an argument or the environment may hold what a terminal obeys.
 *
 * @module
 */
import { neutral, neutralLine } from "./chat/text.ts";

/** Controls beyond ASCII, which JSON leaves as they are, and what turns the direction of text. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What {@link isolated} puts around text that runs from right to left. */
const ISOLATES = /([\u2068\u2069])/;
/** To the beginning of the line, and nothing on it. */
const CLEAR_LINE = "\r\x1b[K";

/** Prints lines on standard output. */
export function say(text: string): void {
  console.log(neutral(text));
}

/** Prints lines about what is wrong, on standard error, the first with the program's name before it. */
export function complain(text: string): void {
  console.error(neutral(`rookery: ${text}`));
}

/** The same for text in which parts that are neutral already stand between isolates, which stay. */
export function sayIsolated(text: string): void {
  console.log(text.split(ISOLATES).map((part) => ISOLATES.test(part) ? part : neutral(part)).join(""));
}

/** The same for a file that people redirect: its tabs stay. */
export function sayFile(text: string): void {
  console.log(text.split("\t").map(neutral).join("\t"));
}

/**
 * Prints lines on standard output, and not by `console`: what goes there is exported where OpenTelemetry is on. Does
 * nothing where standard output is closed.
 */
export function saySecret(text: string): void {
  try {
    writeAll(Deno.stdout, `${neutral(text)}\n`);
  } catch {
    // Nobody wants to know.
  }
}

/** Prints one line on standard error, as it is but for what a terminal obeys. */
export function tell(line: string): void {
  console.error(neutralLine(line));
}

/** Writes to a terminal in raw mode, by standard error: lines end only where the text says so. */
export function ask(text: string): void {
  writeAll(Deno.stderr, neutral(text).replaceAll("\n", "\r\n"));
}

/** Puts a text in the place of the line of standard error on which the cursor stands. */
export function redraw(line: string): void {
  writeAll(Deno.stderr, CLEAR_LINE + neutralLine(line));
}

/** Prints a value as JSON for programs, in which nothing is lost. */
export function sayJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2).replaceAll(UNSAFE, escaped));
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function writeAll(stream: Pick<typeof Deno.stdout, "writeSync">, text: string): void {
  for (let left = new TextEncoder().encode(text); left.length > 0;) {
    left = left.subarray(stream.writeSync(left));
  }
}
