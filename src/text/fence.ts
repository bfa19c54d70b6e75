/** Lines that open and close blocks of code. @module */
import { runLength } from "./code_spans.ts";

export interface Fence {
  readonly mark: "`" | "~";
  readonly length: number;
  /** What follows the marks in the line: the name of a language, or code already. */
  readonly rest: string;
}

const LANGUAGE = /^[\w+#.-]{1,32}$/;

/** The fence that a line begins with, if any. */
export function fenceOf(line: string): Fence | undefined {
  const start = indent(line);
  const mark = line[start];
  if (mark !== "`" && mark !== "~") return undefined;
  const length = runLength(line, start);
  if (length < 3) return undefined;
  return { mark, length, rest: line.slice(start + length) };
}

/** The code of a line such as ```` ```all in one``` ````; undefined when it is none. */
export function codeInOneLine({ mark, length, rest }: Fence): string | undefined {
  const text = rest.trimEnd();
  if (mark !== "`" || !text.endsWith("`")) return undefined;
  const end = text.length - length;
  const closes = end > 0 && text.indexOf("`".repeat(length)) === end;
  return closes && text.slice(0, end).trim() !== "" ? text.slice(0, end) : undefined;
}

/** Whether the fence may open a block of several lines: code between backticks stands in a line of text. */
export function opensBlock({ mark, rest }: Fence): boolean {
  return mark === "`" ? !rest.includes("```") : rest.trim() === "" || languageOf(rest) !== "";
}

/** The language that is named behind a fence; empty when it is something else. */
export function languageOf(rest: string): string {
  const word = rest.trim();
  return LANGUAGE.test(word) ? word : "";
}

/** Whether a line closes the block that this fence has opened. */
export function closesFence(line: string, opened: Fence): boolean {
  const fence = fenceOf(line);
  return fence !== undefined && fence.mark === opened.mark && fence.length >= opened.length &&
    fence.rest.trim() === "";
}

/** Spaces at the beginning of a line, three at most: further in nothing begins. */
function indent(line: string): number {
  let at = 0;
  while (at < 3 && line[at] === " ") at++;
  return at;
}
