/** Which of the world's scripts a text is written in. @module */

const NAMES = [
  "Adlam",
  "Arabic",
  "Armenian",
  "Bengali",
  "Chakma",
  "Cherokee",
  "Cyrillic",
  "Devanagari",
  "Ethiopic",
  "Georgian",
  "Greek",
  "Gujarati",
  "Gurmukhi",
  "Han",
  "Hangul",
  "Hanifi_Rohingya",
  "Hebrew",
  "Hiragana",
  "Kannada",
  "Katakana",
  "Khmer",
  "Lao",
  "Latin",
  "Malayalam",
  "Meetei_Mayek",
  "Mongolian",
  "Myanmar",
  "Ol_Chiki",
  "Oriya",
  "Sinhala",
  "Syriac",
  "Tamil",
  "Telugu",
  "Thai",
  "Tibetan",
  "Tifinagh",
] as const;

const PATTERNS = NAMES.map((name) => ({ name, pattern: new RegExp(`\\p{Script=${name}}`, "u") }));

/** Names of all scripts that occur in the texts, as Unicode calls them. */
export function scriptsIn(texts: Iterable<string>): string[] {
  const seen = new Set<string>();
  for (const text of texts) {
    for (const { name, pattern } of PATTERNS) if (!seen.has(name) && pattern.test(text)) seen.add(name);
  }
  return [...seen].sort();
}
