/** Finding people and channels by the words of their names. @module */
import { foldChannelName } from "../../text/channel_name.ts";

export interface Named {
  readonly name: string;
  readonly displayName?: string;
}

/** Ranks of a match, the best first. */
export const MATCH = { beginning: 0, word: 1, within: 2, none: 3 } as const;

const known = new WeakMap<Named, { readonly names: readonly string[]; readonly words: readonly string[] }>();

/**
 * How well the letters fit: a name begins with them, each of their words begins
 * a word of either name, or a name has them somewhere. Neither case nor accents
 * matter.
 */
export function matchRank(named: Named, letters: string): number {
  const { names, words } = partsOf(named);
  const wanted = folded(letters).trim();
  if (names.some((name) => name.startsWith(wanted))) return MATCH.beginning;
  const fits = (part: string) => words.some((word) => word.startsWith(part));
  if (wordsOf(wanted).every(fits)) return MATCH.word;
  return names.some((name) => name.includes(wanted)) ? MATCH.within : MATCH.none;
}

function partsOf(named: Named) {
  let parts = known.get(named);
  if (!parts) {
    const names = [named.name, named.displayName ?? ""].filter((name) => name !== "").map(folded);
    known.set(named, parts = { names, words: names.flatMap(wordsOf) });
  }
  return parts;
}

/** No name has as many letters. */
const LETTERS_MAX = 256;

/** What two spellings of one channel have in common, without accents. */
function folded(text: string): string {
  // bounded: LETTERS_MAX
  return foldChannelName(text.slice(0, LETTERS_MAX)).normalize("NFKD").replaceAll(/\p{M}/gu, "");
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]/u).filter((word) => word !== "");
}
