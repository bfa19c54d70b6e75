/** Emoji that are written as :names:. @module */
import { endsInCode } from "../../text/code_at.ts";

// Neither times nor addresses nor paths begin an emoji's name: 10:30, http://, /:id.
const BEFORE = String.raw`(?<![\p{L}\p{N}_:/])`;
// bounded: both see NAME_CHARS_MAX characters
const BEGUN = new RegExp(String.raw`${BEFORE}:([+-]1|\p{L}[\p{L}\p{M}\p{N}_+-]+)$`, "u");
// bounded: as above
const COMPLETE = new RegExp(`${BEFORE}:([a-z0-9_+-]+):$`, "iu");
const NAME_CHARS_MAX = 48;

/** Letters, lower case, at least two, after a colon that end at the caret; undefined when there are none. */
export function emojiBefore(text: string, caret: number): string | undefined {
  return wordBefore(BEGUN, text, caret);
}

/** The same between two colons, the second one just before the caret. */
export function shortNameBefore(text: string, caret: number): string | undefined {
  return wordBefore(COMPLETE, text, caret);
}

function wordBefore(pattern: RegExp, text: string, caret: number): string | undefined {
  const word = pattern.exec(text.slice(Math.max(0, caret - NAME_CHARS_MAX), caret))?.[1];
  return word === undefined || endsInCode(text.slice(0, caret)) ? undefined : word.toLowerCase();
}
