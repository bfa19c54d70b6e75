/** Kinds of characters that decide where markup, links and mentions begin and end. @module */

const SPACE = /\s/u;
const WORD = /[\p{L}\p{N}\p{M}\u00a8\u00af\u00b4\u00b8]/u;
/** Scripts that put no space between words, or none before a particle. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Yi}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Java}\p{scx=Bali}\p{scx=Lana}\p{scx=Tale}\p{scx=Talu}\uff10-\uff19]/u;
/** What belongs to the character before it: marks, variation selectors, joiners. */
const ATTACHED = /[\p{M}\u200c\u200d]/u;
/** More marks than these on one letter are not a letter of any script. */
const ATTACHED_MAX = 16;

/** The code point at an index of the text; empty at its end. */
export function charAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

/** The code point that ends before an index; empty at the beginning. */
export function charBefore(text: string, at: number): string {
  if (at <= 0) return "";
  const low = text.charCodeAt(at - 1);
  const pair = low >= 0xdc00 && low <= 0xdfff && at > 1;
  const code = pair ? text.codePointAt(at - 2)! : low;
  return code > 0xffff ? String.fromCodePoint(code) : text[at - 1]!;
}

/** The same without marks and joiners: the letter or the emoji that carries them. */
export function baseBefore(text: string, at: number): string {
  let index = at;
  let char = charBefore(text, index);
  for (let steps = 0; steps < ATTACHED_MAX && ATTACHED.test(char) && index > char.length; steps++) {
    index -= char.length;
    char = charBefore(text, index);
  }
  return char;
}

/** White space, or an edge of the text. */
export function isSpace(char: string): boolean {
  return char === "" || SPACE.test(char);
}

/** Letters, digits and their marks, in every script; and spacing accents such as `¯`. */
export function isWord(char: string): boolean {
  return char !== "" && WORD.test(char);
}

/** A letter of a script whose words stand next to each other without a space: Han, Kana, Hangul, Thai … */
export function isUnspaced(char: string): boolean {
  return char !== "" && UNSPACED.test(char) && WORD.test(char);
}

/** A letter or digit of a script that puts spaces between words: next to it nothing begins or ends. */
export function isSpacedWord(char: string): boolean {
  return isWord(char) && !UNSPACED.test(char);
}
