/** How the connection stands, when it is not as it should be. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { UNPROTECTED } from "../base.ts";
import { t } from "../i18n/i18n.ts";
import { useChat } from "./context.ts";

/** Short hiccups are nobody's business. */
const CALM_MS = 1_200;

export function ConnectionLine() {
  const chat = useChat();
  const state = chat.connection.value;
  const fine = state.name === "live" || state.name === "ended";
  const shown = useSignal(false);
  const now = useSignal(Date.now());
  useEffect(() => {
    if (fine) {
      shown.value = false;
      return;
    }
    const timer = setTimeout(() => shown.value = true, CALM_MS);
    return () => clearTimeout(timer);
  }, [fine]);
  useEffect(() => {
    now.value = Date.now();
    if (state.name !== "waiting") return;
    const timer = setInterval(() => now.value = Date.now(), 500);
    return () => clearInterval(timer);
  }, [state]);
  if (!shown.value) return UNPROTECTED ? <Unprotected /> : null;
  const waiting = chat.outgoing.waiting();
  return (
    <div class="connection" role="status">
      <span class="pulse" aria-hidden="true" />
      <span class="connection-text">
        <span aria-hidden={state.name === "waiting"}>
          {state.name === "waiting"
            ? t("retryingIn", { count: Math.max(1, Math.ceil((state.retryAtMs - now.value) / 1000)) })
            : t("connecting")}
        </span>
        {state.name === "waiting" && <span class="hidden">{t("disconnected")}</span>}
        {waiting > 0 && <span class="muted">{t("waitingMessages", { count: waiting })}</span>}
      </span>
      {state.name === "waiting" && (
        <button type="button" class="small" onClick={() => chat.client.connect()}>{t("retryNow")}</button>
      )}
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
