/**
 * Addresses of web pages in a text. Each is found in one pass; nothing is
 * looked at twice because a sentence ends behind it.
 *
 * @module
 */
import { baseBefore, charAt, charBefore, isSpacedWord, isUnspaced } from "./characters.ts";

/** Browsers and servers take no longer ones. */
const CHARS_MAX = 2048;
const LABEL_CHARS_MAX = 200;
const BEGINNING = /https?:\/\/|www\.(?=[\p{L}\p{N}])/iuy;
/** Control and direction characters end an address: what is seen is what is opened. */
const NEVER_WITHIN = /[\s<>"`\p{Cc}\p{Cf}]/u;
/** Marks of Chinese and Japanese sentences, which have no space behind them. */
const WIDE_MARK = /[\u3001-\u3003\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/;
const HOST_END = /[/?#]/;
/** At the end they belong to the sentence: ASCII marks and those of all other scripts. */
const SENTENCE_MARK = /[.,:;!?'"*_~|]|(?![ -~])\p{P}/u;
const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Where the address that begins at an index ends; the same index when none begins there. */
export function addressEnd(text: string, at: number): number {
  if (isSpacedWord(baseBefore(text, at)) || !begins(text, at)) return at;
  const start = BEGINNING.lastIndex;
  const end = withoutTrailing(text, start, scanEnd(text, start));
  if (end <= start) return at;
  const named = text[start - 1] === "/" || text.slice(start, end).includes(".");
  return named ? end : at;
}

export interface NamedLink {
  readonly label: string;
  readonly address: string;
  readonly end: number;
}

/** The link `[words](address)` whose bracket stands at an index, if there is one. */
export function namedLinkAt(text: string, at: number): NamedLink | undefined {
  const close = labelEnd(text, at + 1);
  if (close < 0 || text[close + 1] !== "(" || !begins(text, close + 2)) return undefined;
  const start = close + 2;
  const host = BEGINNING.lastIndex;
  let depth = 0;
  for (let i = start; i < text.length && i - start <= CHARS_MAX; i++) {
    const char = text[i]!;
    if (char === "(") depth++;
    else if (char === ")" && depth-- === 0) {
      return { label: text.slice(at + 1, close), address: text.slice(start, i), end: i + 1 };
    } else if (NEVER_WITHIN.test(char) || (char === "[" && i > host)) return undefined;
  }
  return undefined;
}

/** An address as it is opened: one that begins with `www.` has no scheme. */
export function withScheme(address: string): string {
  return /^www\./i.test(address) ? `https://${address}` : address;
}

function begins(text: string, at: number): boolean {
  BEGINNING.lastIndex = at;
  return BEGINNING.test(text);
}

function labelEnd(text: string, start: number): number {
  for (let i = start; i < text.length && i - start <= LABEL_CHARS_MAX; i++) {
    const char = text[i]!;
    if (char === "[" || char === "\n") return -1;
    if (char === "]") return text.slice(start, i).trim() === "" ? -1 : i;
  }
  return -1;
}

/** The first character that no address has, or two marks that end what is bold or struck. */
function scanEnd(text: string, start: number): number {
  const host = hostEnd(text, start);
  if (!HOST_END.test(text[host] ?? "")) return host;
  for (let i = host; i < text.length;) {
    const char = charAt(text, i);
    if (stops(text, i, char)) return i;
    i += char.length;
  }
  return text.length;
}

/** `https://example.com然后`: no top-level domain goes on in a script that needs no space. */
function hostEnd(text: string, start: number): number {
  let dotted = false;
  let cut = -1;
  let i = start;
  for (let char = charAt(text, i); i < text.length && !HOST_END.test(char); char = charAt(text, i)) {
    if (stops(text, i, char)) break;
    if (char === ".") [dotted, cut] = [true, -1];
    else if (cut < 0 && dotted && isUnspaced(char) && /[a-z0-9]/i.test(text[i - 1]!)) cut = i;
    i += char.length;
  }
  return cut < 0 ? i : cut;
}

function stops(text: string, at: number, char: string): boolean {
  if ((char === "*" || char === "~") && text[at + 1] === char) return true;
  return NEVER_WITHIN.test(char) || WIDE_MARK.test(char);
}

/** Without the marks of the sentence, and without brackets that were opened before the address. */
function withoutTrailing(text: string, start: number, end: number): number {
  const surplus = new Map<string, number>();
  for (let i = start; i < end; i++) {
    const char = text[i]!;
    const opening = CLOSING[char];
    if (opening) surplus.set(opening, (surplus.get(opening) ?? 0) + 1);
    else if (char === "(" || char === "[" || char === "{") surplus.set(char, (surplus.get(char) ?? 0) - 1);
  }
  let at = end;
  while (at > start) {
    const char = charBefore(text, at);
    const opening = CLOSING[char];
    if (opening) {
      const left = surplus.get(opening)!;
      if (left <= 0) break;
      surplus.set(opening, left - 1);
    } else if (!SENTENCE_MARK.test(char)) break;
    at -= char.length;
  }
  return at;
}
