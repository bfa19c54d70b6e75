/** Says, beside an address that is to be handed on, that it leads nobody else here. @module */
import { LOOPBACK } from "../../base.ts";
import { t } from "../../i18n/i18n.ts";

export function LoopbackNote() {
  return LOOPBACK ? <p class="callout">{t("loopback", { host: location.host })}</p> : null;
}
