/** Finding emoji by a few letters. @module */

export interface Emoji {
  readonly emoji: string;
  readonly name: string;
  /** Names to be written between colons, such as `thumbs_up`, the usual one first; the same in every language. */
  readonly shortNames: readonly string[];
  /** Everything it is found by, in lower case. */
  readonly words: string;
}

interface SearchOptions {
  readonly liked: ReadonlySet<string>;
  /** Leaves out those that only have the letters within a word. */
  readonly beginnings?: boolean;
}

/**
 * Those that have the letters, lower case, somewhere; what is meant most likely
 * comes first: whose short name it is, of those with the whole word the ones
 * that are liked, then those whose name is it, begins with it, has it.
 */
export function searchEmoji(all: readonly Emoji[], letters: string, options: SearchOptions): Emoji[] {
  const short = letters.replaceAll(" ", "_");
  const rank = (emoji: Emoji) => {
    if (emoji.shortNames.includes(short)) return SHORT_NAME;
    const own = rankOf(emoji, letters);
    return own <= WHOLE_WORD && options.liked.has(emoji.emoji) ? -1 : own;
  };
  return all.filter(({ words }) => words.includes(letters))
    .map((emoji) => ({ emoji, rank: rank(emoji) }))
    .filter(({ rank }) => !options.beginnings || rank < WITHIN)
    .sort((a, b) => a.rank - b.rank)
    .map(({ emoji }) => emoji);
}

/** The letters are the whole of a short name: there is one emoji at most. */
const SHORT_NAME = -2;
/** Up to this rank the letters are a word of the name. */
const WHOLE_WORD = 2;
/** Of this rank no word begins with the letters. */
const WITHIN = 6;

function rankOf({ name, shortNames, words }: Emoji, letters: string): number {
  const lower = name.toLowerCase();
  const short = letters.replaceAll(" ", "_");
  if (lower === letters || shortNames.includes(short)) return 0;
  const named = wordsOf(lower);
  if (named[0] === letters) return 1;
  if (named.includes(letters)) return WHOLE_WORD;
  const begun = shortNames.filter((name) => name.startsWith(short));
  // The less is missing of a short name, the likelier it is meant.
  if (begun.length > 0) return 3 - 1 / Math.min(...begun.map(({ length }) => length));
  if (lower.startsWith(letters)) return 3;
  const all = wordsOf(words);
  if (all.includes(letters)) return 4;
  return all.some((word) => word.startsWith(letters)) ? 5 : WITHIN;
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u);
}
