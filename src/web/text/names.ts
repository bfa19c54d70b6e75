/** Names of people and what they must not do. @module */

// The server refuses these in display names; whatever comes is shown by other programs' rules, too. Scripts and emoji are
// made of joiners and tags.
const INVISIBLE = /(?![\u200c\u200d\u{e0020}-\u{e007f}])[\p{Cc}\p{Cf}\u115f\u1160\u3164\uffa0]/gu;
const MARKS_MAX = /(\p{M}{3})\p{M}+/gu;

/** A name for places where nothing can be isolated, such as the tab's title: no direction marks, no heaps of marks. */
export function plainName(name: string): string {
  // bounded: a name or a title that the server has let in
  return name.normalize("NFC").replaceAll(INVISIBLE, "").replaceAll(MARKS_MAX, "$1");
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** The same name, so that what stands beside it in a sentence keeps its place when it is written from right to left. */
export function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** One or two letters that stand for a name; of one without letters what it begins with, an emoji say. */
export function initialsOf(name: string): string {
  const all = plainName(name).split(/[\s._-]+/u).filter((word) => word !== "");
  const spelt = all.filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const words = spelt.length > 0 ? spelt : all.slice(0, 1);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word && first(word));
  return letters.filter(Boolean).join("").toLocaleUpperCase();
}

function first(word: string): string {
  for (const { segment } of GRAPHEMES.segment(word)) return segment;
  return "";
}
