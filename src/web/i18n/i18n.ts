/** The words of the page, in the user's language. @module */
import { signal } from "@preact/signals";
import { store, stored } from "../state/shell/storage.ts";
import type { Catalogue, Key, Plural } from "./catalogue.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { isolated } from "../text/names.ts";
import { formatNumber } from "./format.ts";
import { chooseLanguage, type Language, language } from "./language.ts";

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { de, en };

/** Parameters that people have chosen; the others may be copied, and stay as they are. */
const NAMES: ReadonlySet<string> = new Set(["name", "names", "place"]);

/** What the user chose; undefined when the browser decides. */
export const chosenLanguage = signal<Language | undefined>(stored<Language>("language"));
language.value = chooseLanguage(chosenLanguage.value, navigator.languages);
document.documentElement.lang = language.value;

/** Another language from now on; undefined leaves it to the browser. */
export function setLanguage(chosen: Language | undefined): void {
  store("language", chosen);
  chosenLanguage.value = chosen;
  language.value = chooseLanguage(chosen, navigator.languages);
  document.documentElement.lang = language.value;
}

/** The text with `{names}` filled in. Whoever draws with it draws again when the language changes. */
export function t(key: Key, parameters: Readonly<Record<string, string | number>> = {}): string {
  const entry = CATALOGUES[language.value][key];
  const text = typeof entry === "string" ? entry : pluralOf(entry, Number(parameters.count ?? 0));
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (typeof value === "number") return formatNumber(value);
    return NAMES.has(name) ? isolated(value ?? "") : value ?? "";
  });
}

function pluralOf(entry: Plural, count: number): string {
  return entry[new Intl.PluralRules(language.value).select(count)] ?? entry.other;
}
