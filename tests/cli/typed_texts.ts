/** Texts as people type them, and the typing of them. @module */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_LIMITS } from "../../src/chat/limits.ts";
import { checkMessageText } from "../../src/chat/validation.ts";
import type { Composer } from "../../src/cli/chat/composer.ts";
import { applyKey } from "../../src/cli/chat/editor_keys.ts";
import { KeyDecoder } from "../../src/cli/chat/keys.ts";
import { sendable } from "../../src/cli/chat/text.ts";

/** Words of many scripts, and what stands between them. */
export const WORDS = [
  "علی\u200cرضا",
  "ශ්\u200dරී",
  "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
  "👩\u200d💻",
  "❤\ufe0f",
  "שָׁלוֹם\u200f!",
  "نصٌّ",
  "你好，世界",
  "ภาษาไทย",
  "한국어",
  "e\u0301",
  "བོད་ཡིག",
  "葛\u{e0100}",
  "\ufeffx",
  "\t",
  "\n",
  "  ",
  "**bold** `code` ¯\\_(ツ)_/¯",
  "@channel #general https://example.com/a_(b)",
  "交给@bob处理 @ada. `@bob`",
];
/** Texts of all scripts, with emoji and markup. */
export const words = fc.array(
  fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: "grapheme", maxLength: 8 })),
  {
    minLength: 1,
    maxLength: 8,
  },
).map((parts) => parts.join(""));

/** Texts that a server takes, and no commands. */
export const messages = words.filter((text) => {
  // deno-lint-ignore no-control-regex
  if (text.startsWith("/") || text.trim() === "" || /\r|[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(text)) {
    return false;
  }
  checkMessageText(text, DEFAULT_LIMITS);
  return true;
});

/** Types what a terminal sends, in pieces. */
export function type(composer: Composer, input: string, pieces: readonly number[] = []): void {
  const bytes = new TextEncoder().encode(input);
  const decoder = new KeyDecoder();
  let from = 0;
  for (const size of [...pieces, bytes.length]) {
    for (const key of decoder.decode(bytes.subarray(from, from + size))) {
      applyKey(composer.editor, "text" in key ? { ...key, text: sendable(key.text).text } : key);
    }
    from += size;
  }
}

/** What Enter would send. */
export function taken(composer: Composer): string {
  const entry = composer.take();
  assert(entry?.kind === "text");
  return entry.text;
}
