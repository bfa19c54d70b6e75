/** How the connection stands, when it is not as it should be. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { UNPROTECTED } from "../../base.ts";
import { t } from "../../i18n/i18n.ts";
import { obstacleText } from "../../i18n/obstacle.ts";
import { newerPage } from "../../state/shell/newer_page.ts";
import { useChat } from "./context.ts";
import { followTranslated } from "../widgets/translated_texts.ts";

/** Short hiccups are nobody's business, and neither is a server that says it will be back. */
const CALM_MS = 1_200;
const PLANNED_CALM_MS = 4_000;

export function ConnectionLine() {
  const chat = useChat();
  const state = chat.connection.value;
  const fine = state.name === "live" || state.name === "ended";
  const planned = state.name === "waiting" && state.planned === true;
  const counting = state.name === "waiting" && !planned;
  const shown = useSignal(false);
  const now = useSignal(Date.now());
  useEffect(() => {
    if (fine) {
      shown.value = false;
      return;
    }
    const timer = setTimeout(() => shown.value = true, planned ? PLANNED_CALM_MS : CALM_MS);
    return () => clearTimeout(timer);
  }, [fine, planned]);
  useEffect(() => {
    now.value = Date.now();
    if (!counting) return;
    const timer = setInterval(() => now.value = Date.now(), 500);
    return () => clearInterval(timer);
  }, [state]);
  if (!shown.value) {
    if (newerPage.value) return <NewerPage />;
    return UNPROTECTED ? <Unprotected /> : null;
  }
  const waiting = chat.outgoing.waiting();
  const why = counting ? obstacleText(state) : "";
  return (
    <div ref={followTranslated} class="connection" role="status">
      <span class="pulse" aria-hidden="true" />
      <span class="connection-text">
        <span aria-hidden={counting}>
          {counting
            ? t("retryingIn", { count: Math.max(1, Math.ceil((state.retryAtMs - now.value) / 1000)) })
            : t("connecting")}
        </span>
        {counting && <span class="hidden">{t("disconnected")}</span>}
        {why !== "" && <span>{why}</span>}
        {waiting > 0 && <span class="muted">{t("waitingMessages", { count: waiting })}</span>}
      </span>
      {counting && (
        <button type="button" class="small" onClick={() => chat.client.connect()}>{t("retryNow")}</button>
      )}
    </div>
  );
}

/** Drafts and the outbox outlive the loading. */
function NewerPage() {
  return (
    <div class="connection calm" role="status">
      <span>{t("newerPage")}</span>
      <button type="button" class="small" onClick={() => location.reload()}>{t("reload")}</button>
    </div>
  );
}

function Unprotected() {
  const hidden = useSignal(false);
  if (hidden.value) return null;
  return (
    <div class="connection calm">
      <span>{t("unprotected")}</span>
      <button type="button" class="small" onClick={() => hidden.value = true}>{t("understood")}</button>
    </div>
  );
}
