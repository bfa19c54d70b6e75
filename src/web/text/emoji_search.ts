/** Finding emoji by a few letters. @module */

export interface Emoji {
  readonly emoji: string;
  readonly name: string;
  /** Everything it is found by, in lower case. */
  readonly words: string;
}

/**
 * Those that have the letters, lower case, somewhere; what is meant most likely
 * comes first: of those with the whole word the ones that are liked, then those
 * whose name is it, begins with it, has it.
 */
export function searchEmoji(
  all: readonly Emoji[],
  letters: string,
  { liked }: { liked: ReadonlySet<string> },
): Emoji[] {
  const rank = (emoji: Emoji) => {
    const own = rankOf(emoji, letters);
    return own <= WHOLE_WORD && liked.has(emoji.emoji) ? -1 : own;
  };
  return all.filter(({ words }) => words.includes(letters))
    .map((emoji) => ({ emoji, rank: rank(emoji) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ emoji }) => emoji);
}

/** Up to this rank the letters are a word of the name. */
const WHOLE_WORD = 2;

function rankOf({ name, words }: Emoji, letters: string): number {
  const lower = name.toLowerCase();
  if (lower === letters) return 0;
  const named = wordsOf(lower);
  if (named[0] === letters) return 1;
  if (named.includes(letters)) return WHOLE_WORD;
  if (lower.startsWith(letters)) return 3;
  const all = wordsOf(words);
  if (all.includes(letters)) return 4;
  return all.some((word) => word.startsWith(letters)) ? 5 : 6;
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u);
}
