/** Which language is spoken. @module */
import { signal } from "@preact/signals";

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

export const language = signal<Language>("en");

/** The chosen one, or the first of the browser's that is spoken here, or English. */
export function chooseLanguage(chosen: Language | undefined, wanted: readonly string[]): Language {
  if (chosen && LANGUAGES.includes(chosen)) return chosen;
  for (const tag of wanted) {
    const found = LANGUAGES.find((known) => tag.toLowerCase().split("-")[0] === known);
    if (found) return found;
  }
  return "en";
}
