/** What a line begins: a quote, or an item of a list. @module */
import { runLength } from "./code_spans.ts";
import { codeInOneLine, fenceOf, opensBlock } from "./fence.ts";

export interface BlockStart {
  readonly kind: "quote" | "bullet" | "number";
  /** As it is written: `>`, `-`, `7.` */
  readonly marker: string;
  /** Characters in front of the content. */
  readonly length: number;
}

const BULLETS = "-*+•";
const QUOTE_INDENT_MAX = 3;
const ITEM_INDENT_MAX = 6;
const DIGITS_MAX = 4;

/** What the line begins; nothing without content behind the mark, and no quote without a space: `>:(` and `>_<` are faces. */
export function blockStartOf(line: string): BlockStart | undefined {
  const start = indent(line);
  const char = line[start];
  if (char === undefined) return undefined;
  if (char === ">" && start <= QUOTE_INDENT_MAX) {
    const length = quoteLength(line, start);
    return length > 0 ? { kind: "quote", marker: ">", length } : undefined;
  }
  const isBullet = BULLETS.includes(char);
  const end = isBullet ? start + 1 : numberEnd(line, start);
  const content = end > start ? contentAfter(line, end) : -1;
  if (content < 0) return undefined;
  return { kind: isBullet ? "bullet" : "number", marker: line.slice(start, end), length: content };
}

/** An empty line of a quote that goes on. */
export function isQuoteGap(line: string): boolean {
  return line.trim() === ">";
}

/** Where a backslash stands without which the line would begin a block; -1 when there is none. */
export function escapeIn(line: string): number {
  const start = indent(line);
  let at = start;
  while (at - start < DIGITS_MAX && isDigit(line[at])) at++;
  const next = line[at + 1] ?? " ";
  if (line[at] !== "\\" || isDigit(next) || isBlank(next)) return -1;
  const bare = line.slice(0, at) + line.slice(at + 1);
  return blockStartOf(bare) || beginsCode(bare) ? at : -1;
}

function beginsCode(line: string): boolean {
  const fence = fenceOf(line);
  return fence !== undefined && (codeInOneLine(fence) !== undefined || opensBlock(fence));
}

/** Marks of several quotes may stand together; behind the last one is a space. */
function quoteLength(line: string, start: number): number {
  const count = runLength(line, start);
  if (contentAfter(line, start + count) < 0) return 0;
  return count > 1 ? start + 1 : start + 2;
}

/** Where the content begins after at least one space; -1 when there is none. */
function contentAfter(line: string, at: number): number {
  let end = at;
  while (end < line.length && isBlank(line[end]!)) end++;
  return end > at && end < line.length ? end : -1;
}

function numberEnd(line: string, start: number): number {
  let at = start;
  while (at - start < DIGITS_MAX && isDigit(line[at])) at++;
  return at > start && (line[at] === "." || line[at] === ")") ? at + 1 : start;
}

function indent(line: string): number {
  let at = 0;
  while (at < ITEM_INDENT_MAX && at < line.length && isBlank(line[at]!)) at++;
  return at;
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= "0" && char <= "9";
}

function isBlank(char: string): boolean {
  return /\s/u.test(char);
}
