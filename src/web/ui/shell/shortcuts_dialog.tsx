/** All that keys do. @module */
import type { Key } from "../../i18n/catalogue.ts";
import { t } from "../../i18n/i18n.ts";
import { keyNames } from "./key_names.ts";
import { Modal } from "../widgets/modal.tsx";

/** Keys as {@link keyNames} takes them. */
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

export function ShortcutsDialog() {
  return (
    <Modal title={t("shortcuts")} kind="wide">
      {GROUPS.map(([title, rows]) => (
        <section key={title} class="shortcuts">
          <h3>{t(title)}</h3>
          <dl>
            {rows.map(([keys, what]) => (
              <div key={keys}>
                <dt>{keyNames(keys).map((key) => <kbd key={key}>{key}</kbd>)}</dt>
                <dd>{t(what)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
