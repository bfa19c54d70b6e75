/** All that keys do. @module */
import type { Key } from "../i18n/catalogue.ts";
import { t } from "../i18n/i18n.ts";
import { Modal } from "./modal.tsx";

/** Keys that are pressed together stand in one text, with spaces between them; `Mod` is Ctrl, or the Mac's command key. */
const GROUPS: readonly (readonly [title: Key, keys: readonly (readonly [keys: string, what: Key])[]])[] = [
  ["keysEverywhere", [
    ["Mod K", "keySwitch"],
    ["Alt ↑ ↓", "keyStep"],
    ["Alt Shift ↑ ↓", "keyStepUnread"],
    ["F6", "keyRegion"],
    ["Esc", "keyEscape"],
    ["Mod /", "shortcuts"],
  ]],
  ["keysWriting", [
    ["Enter", "send"],
    ["Shift Enter", "keyLine"],
    ["Mod Enter", "keySendTouch"],
    ["↑", "keyEditLast"],
    ["@", "keyMention"],
    [":", "keyEmoji"],
  ]],
  ["messages", [
    ["↑ ↓", "keyMessages"],
    ["Home", "keyFirst"],
    ["End", "keyLast"],
  ]],
];

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

export function ShortcutsDialog() {
  return (
    <Modal title={t("shortcuts")} kind="wide">
      {GROUPS.map(([title, rows]) => (
        <section key={title} class="shortcuts">
          <h3>{t(title)}</h3>
          <dl>
            {rows.map(([keys, what]) => (
              <div key={keys}>
                <dt>{keys.split(" ").map((key) => <kbd key={key}>{nameOf(key)}</kbd>)}</dt>
                <dd>{t(what)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}

function nameOf(key: string): string {
  if (key === "Mod") return MAC ? "⌘" : t("keyCtrl");
  return key === "Shift" ? t("keyShift") : key;
}
