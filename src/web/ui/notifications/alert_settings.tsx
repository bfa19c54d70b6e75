/** Whether the desktop tells of messages while the page is out of sight. @module */
import { t } from "../../i18n/i18n.ts";
import {
  alertPermission,
  alertSettings,
  allowAlerts,
  setAlerts,
} from "../../state/notifications/alert_settings.ts";
import { attempt, notify } from "../../state/shell/notices.ts";

export function AlertSettings() {
  return (
    <section>
      <h3>{t("alerts")}</h3>
      <Choices />
    </section>
  );
}

function Choices() {
  const permission = alertPermission.value;
  if (permission === "insecure") return <p class="muted">{t("alertsInsecure")}</p>;
  if (permission === "unsupported") return <p class="muted">{t("alertsUnsupported")}</p>;
  if (permission === "denied") return <p class="muted">{t("alertsDenied")}</p>;
  const { on, text } = alertSettings.value;
  const active = on && permission === "granted";
  const allow = async (box: HTMLInputElement) => {
    const allowed = await allowAlerts();
    // A box that nothing was drawn anew for keeps the mark of the click.
    box.checked = allowed;
    if (!allowed) notify(t("alertsNotAllowed"));
  };
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={active}
          onChange={({ currentTarget }) =>
            currentTarget.checked ? void attempt(allow(currentTarget)) : setAlerts({ on: false })}
        />
        <span>
          {t("alertsOn")}
          <span class="hint">{t("alertsHint")}</span>
        </span>
      </label>
      {active && (
        <label class="check">
          <input
            type="checkbox"
            checked={text}
            onChange={({ currentTarget }) => setAlerts({ text: currentTarget.checked })}
          />
          <span>{t("alertsText")}</span>
        </label>
      )}
    </>
  );
}
