/** Which language the page speaks. @module */
import { chosenLanguage, setLanguage, t } from "../../i18n/i18n.ts";
import { type Language, LANGUAGES } from "../../i18n/language.ts";

/** Languages under their own names. */
function nativeName(language: Language): string {
  return new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
}

export function LanguagePicker() {
  return (
    <label class="language">
      <span>{t("language")}</span>
      <select
        value={chosenLanguage.value ?? ""}
        onChange={(event) => setLanguage((event.currentTarget.value || undefined) as Language | undefined)}
      >
        <option value="">{t("languageAutomatic")}</option>
        {LANGUAGES.map((language) => <option key={language} value={language}>{nativeName(language)}</option>)}
      </select>
    </label>
  );
}
