/**
 * What commands print. Whatever comes from a server, a file, an argument or the environment may hold what a terminal obeys.
 *
 * @module
 */
import { neutral } from "./chat/text.ts";

/** Controls beyond ASCII, which JSON leaves as they are, and what turns the direction of text. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Prints lines on standard output. */
export function say(text: string): void {
  console.log(neutral(text));
}

/** Prints lines about what is wrong, on standard error, the first with the program's name before it. */
export function complain(text: string): void {
  console.error(neutral(`rookery: ${text}`));
}

/** Prints a value as JSON for programs, in which nothing is lost. */
export function sayJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2).replaceAll(UNSAFE, escaped));
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
