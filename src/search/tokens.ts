/**
 * What a text is found by: one way to make tokens for the index and for what is looked for.
 *
 * Scripts with spaces give words. Scripts without, and Hangul, whose words carry their endings, give overlapping pairs and the last character of
 * each run: every character begins a token, so that a single one is found by a prefix.
 *
 * @module
 */

/** Another number whenever the tokens of the same text are others: the index is made anew. */
export const TOKENS_VERSION = 1;

/** Nobody types a longer word to find it; whether the rest is the same is seen in the text. */
const WORD_CHARS_MAX = 40;

/** Text never gives a token with this character: it begins those that say where a message stands. */
const PLACE = "\ue000";

const ASCII = /^\p{ASCII}*$/u;
const ASCII_WORD = /\w+/g;
const UNSPACED = String
  .raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}` +
  String.raw`\p{Script=Khmer}\p{Script=Myanmar}\u3005\u30fc`;
/** A run without spaces, a word, or one emoji. */
const RUN = new RegExp( // bounded: linear, one class after the other
  String.raw`([${UNSPACED}]+)|[[\p{L}\p{N}\p{M}_]--[${UNSPACED}]]+|\p{Extended_Pictographic}`,
  "gv",
);
/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, the stretching of Arabic: readers leave them out. */
const LEFT_OUT =
  /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]/g;
/** Joiners, soft hyphens and variants stand inside of words and are seen by nobody. */
const UNSEEN = /[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/g;

/** A run of characters that belong together. */
interface Run {
  readonly text: string;
  readonly spaced: boolean;
}

/** Tokens of a message's text, some of them more than once. */
export function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (const run of runsOf(text)) {
    if (run.spaced) tokens.push(run.text);
    else {
      const characters = [...run.text];
      for (const [at, character] of characters.entries()) tokens.push(character + (characters[at + 1] ?? ""));
    }
  }
  return tokens;
}

/**
 * What a message must have to be a candidate, as FTS5 reads it; undefined when nothing in the words can be looked for. The last
 * word may have been begun only.
 */
export function matchOf(
  words: string,
  { begun = false }: { readonly begun?: boolean } = {},
): string | undefined {
  const runs = runsOf(words);
  const terms = new Set<string>();
  for (const [index, run] of runs.entries()) {
    const characters = run.spaced ? [run.text] : [...run.text];
    const prefix = run.spaced ? begun && index === runs.length - 1 : characters.length === 1;
    if (run.spaced || prefix) terms.add(`"${characters[0]}"${prefix ? "*" : ""}`);
    else {for (const [at, character] of characters.slice(1).entries()) {
        terms.add(`"${characters[at]}${character}"`);
      }}
  }
  return terms.size === 0 ? undefined : [...terms].join(" AND ");
}

/** Tokens that say where a message stands and what it has. */
export const placeToken = {
  channel: (id: number) => `${PLACE}c${id}`,
  author: (id: number) => `${PLACE}a${id}`,
  /** 0 for everybody in the channel. */
  mention: (id: number) => `${PLACE}m${id}`,
  link: `${PLACE}l`,
} as const;

function runsOf(text: string): Run[] {
  if (ASCII.test(text)) {
    const words = text.toLowerCase().match(ASCII_WORD) ?? [];
    return words.map((word) => ({ text: word.slice(0, WORD_CHARS_MAX), spaced: true }));
  }
  return [...folded(text).matchAll(RUN)].map(([run, unspaced]) => (
    unspaced ? { text: run, spaced: false } : { text: firstOf(run), spaced: true }
  ));
}

/** As readers compare texts: without marks that are left out, in one case, with one sigma. */
function folded(text: string): string {
  // bounded: one message, or what somebody looks for
  const bare = text.normalize("NFKD").replaceAll(UNSEEN, "").replaceAll(LEFT_OUT, "");
  // bounded: the same; upper case first, so that ß is ss
  return bare.normalize("NFC").toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

/** The beginning of a word, which no character is cut in two by. */
function firstOf(word: string): string {
  return word.length <= WORD_CHARS_MAX ? word : [...word].slice(0, WORD_CHARS_MAX).join("");
}
