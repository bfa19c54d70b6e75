/** What keys are called on the keyboard in front of the user. @module */
import { t } from "../../i18n/i18n.ts";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** Names of keys that stand in one text with spaces between them; `Mod` is Ctrl, or the Mac's command key. */
export function keyNames(keys: string): string[] {
  return keys.split(" ").map((key) => {
    if (key === "Mod") return MAC ? "⌘" : t("keyCtrl");
    return key === "Shift" ? t("keyShift") : key;
  });
}

/** The same in one word, for keys that are pressed together. */
export function pressed(keys: string): string {
  return keyNames(keys).join(MAC ? "" : "+");
}
