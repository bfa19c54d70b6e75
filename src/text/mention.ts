/** Names after an @: where one begins, where it ends, and who may be meant by it. @module */
import { baseBefore, charAt, isSpacedWord, isWord } from "./characters.ts";

/** So many of the marks behind a name may be its own. */
const MARKS_MAX = 8;
/** So far back it is looked for an @ before the caret, and whether one stands in a path. */
const LOOK_BACK = 64;

/** The mention of everybody in a channel. */
export const EVERYBODY = "channel";

/**
 * The name behind the @ at an index as it is written, with the marks `. _ -` at its end, which may be its own
 * or the sentence's; empty when nobody is mentioned there.
 */
export function mentionAt(text: string, at: number): string {
  if (!mayBegin(text, at) || !isAlphanumeric(text.charCodeAt(at + 1))) return "";
  let end = at + 2;
  while (end < text.length && isNameChar(text.charCodeAt(end))) end++;
  const core = end - trailingMarks(text, at + 1, end);
  // Another @ makes it an address; a letter of another alphabet makes it another word.
  const next = charAt(text, end);
  if (isSpacedWord(next)) return "";
  if (next === "@" && isSpacedWord(charAt(text, end + 1))) return "";
  return text.slice(at + 1, Math.min(end, core + MARKS_MAX));
}

/** Names that a mention may mean, in lower case, likeliest first: as it is written, then without marks at its end. */
export function namesOf(written: string): string[] {
  // bounded: part of a message
  const name = written.toLowerCase();
  const names = [name];
  for (let end = name.length; end > 1 && isMark(name.charCodeAt(end - 1));) names.push(name.slice(0, --end));
  return names;
}

/** Letters of a name, lower case, between an @ and the caret behind them; undefined when there is no such word. */
export function mentionBefore(text: string, caret: number): string | undefined {
  for (let at = caret - 1; at >= 0 && caret - at <= LOOK_BACK; at--) {
    const char = text[at]!;
    // bounded: LOOK_BACK characters
    if (char === "@") return mayBegin(text, at) ? text.slice(at + 1, caret).toLowerCase() : undefined;
    if (!/[\p{L}\p{N}\p{M}\p{Cs}._-]/u.test(char)) return undefined;
  }
  return undefined;
}

const UNDERSCORES_MAX = 3;

/** What stands before decides: neither e-mail addresses nor paths mention anybody. */
function mayBegin(text: string, at: number): boolean {
  // Underscores may be marks around it, unless they are part of a word.
  let start = at;
  while (at - start < UNDERSCORES_MAX && text[start - 1] === "_") start--;
  const before = baseBefore(text, start);
  if (isSpacedWord(before) || /[_@.-]/.test(before) || (start < at && isWord(before))) return false;
  return before !== "/" || start < at || !endsPath(text, at - 1);
}

/** Whether the word that ends with the slash at an index is a path or a host, not a name beside another. */
function endsPath(text: string, slash: number): boolean {
  for (let i = slash - 1; i >= 0 && slash - i <= LOOK_BACK; i--) {
    const char = text[i]!;
    if (char === "@" || /\s/.test(char)) return i === slash - 1;
    if (char === "." || char === "/" || char === ":" || char === "~") return true;
  }
  return slash === 0;
}

function trailingMarks(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isMark(text.charCodeAt(at - 1))) at--;
  return end - at;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isMark(code: number): boolean {
  return code === 0x2e || code === 0x5f || code === 0x2d;
}

function isNameChar(code: number): boolean {
  return isAlphanumeric(code) || isMark(code);
}
