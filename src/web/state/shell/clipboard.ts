/** Copying what the user wrote. @module */
import { t } from "../../i18n/i18n.ts";
import { notify } from "./notices.ts";

/** Copies a text and says how it went: without HTTPS browsers have no clipboard for pages. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(t("copied"));
  } catch {
    notify(t("copyTextByHand"), { kind: "error" });
  }
}
