/** The user's own affairs: name, password, devices, language. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Session } from "../../../client/mod.ts";
import { formatAgo, formatMoment } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { closeDialog } from "../../state/shell/dialog.ts";
import { attempt, notify } from "../../state/shell/notices.ts";
import { logOut } from "../../state/account/session.ts";
import { passwordFault } from "../../text/form_rules.ts";
import { AlertSettings } from "../notifications/alert_settings.tsx";
import { Avatar } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { Failure } from "../widgets/failure.tsx";
import { Field } from "../widgets/field.tsx";
import { LanguagePicker } from "../shell/language_picker.tsx";
import { Modal } from "../widgets/modal.tsx";
import { useSubmit } from "../widgets/use_submit.ts";

export function SettingsDialog() {
  const chat = useChat();
  return (
    <Modal title={t("settings")} kind="wide">
      <Profile />
      <AlertSettings />
      <Sessions />
      <Password />
      <section>
        <LanguagePicker />
      </section>
      <div class="dialog-actions">
        <button type="button" onClick={() => (closeDialog(), void logOut(chat))}>{t("logOut")}</button>
      </div>
    </Modal>
  );
}

function Profile() {
  const chat = useChat();
  const me = chat.me;
  const name = useSignal(me?.displayName ?? "");
  const { busy, failure, submit } = useSubmit(async () => {
    await chat.client.updateProfile(name.value.trim());
    notify(t("saved"));
  });
  if (!me) return null;
  return (
    <form class="profile" onSubmit={submit}>
      <Avatar userId={me.id} />
      <Field
        label={t("displayName")}
        hint={failure.value || t("loginNameIs", { name: me.name })}
        invalid={failure.value !== ""}
        value={name.value}
        placeholder={me.name}
        onValue={(value) => name.value = value}
      />
      <button type="submit" disabled={busy.value || name.value.trim() === me.displayName}>{t("save")}</button>
    </form>
  );
}

function Sessions() {
  const chat = useChat();
  const sessions = useSignal<readonly Session[]>([]);
  const load = () => attempt(chat.client.sessions().then((page) => sessions.value = page.sessions));
  const { connected } = chat;
  useEffect(() => void (connected && load()), [connected]);
  const revoke = async (which: Parameters<typeof chat.client.revokeSessions>[0]) => {
    if (await attempt(chat.client.revokeSessions(which))) await load();
  };
  return (
    <section>
      <h3>{t("sessions")}</h3>
      {sessions.value.length === 0 && <p class="muted">{connected ? t("loading") : t("needsConnection")}</p>}
      <ul class="entries">
        {sessions.value.map(({ id, device, createdMs, lastUsedMs, current }) => (
          <li key={id}>
            <div class="entry-text">
              <bdi class="name">{device || t("unknownDevice")}</bdi>
              <span class="muted" title={formatMoment(createdMs)}>
                {current ? t("thisDevice") : t("lastUsed", { time: formatAgo(lastUsedMs) })}
              </span>
            </div>
            {!current && (
              <button type="button" onClick={() => void revoke({ sessionId: id })}>{t("endSession")}</button>
            )}
          </li>
        ))}
      </ul>
      {sessions.value.length > 2 && (
        <button type="button" onClick={() => void revoke({ allOthers: true })}>{t("endOthers")}</button>
      )}
    </section>
  );
}

function Password() {
  const chat = useChat();
  const open = useSignal(false);
  const [before, after] = [useSignal(""), useSignal("")];
  const limits = chat.client.replica.limits;
  const [min, max] = [limits?.passwordBytesMin ?? 8, limits?.passwordBytesMax ?? 72];
  const fault = passwordFault(after.value, [min, max]);
  const { busy, failure, submit } = useSubmit(async () => {
    await chat.client.changePassword(before.value, after.value);
    before.value = after.value = "";
    open.value = false;
    notify(t("passwordChanged"));
  });
  if (!open.value) {
    return (
      <section>
        <h3>{t("password")}</h3>
        <button type="button" onClick={() => open.value = true}>{t("changePassword")}</button>
      </section>
    );
  }
  return (
    <form onSubmit={submit}>
      <h3>{t("changePassword")}</h3>
      <Field
        label={t("oldPassword")}
        type="password"
        focused
        autocomplete="current-password"
        required
        value={before.value}
        onValue={(value) => before.value = value}
      />
      <Field
        label={t("newPassword")}
        hint={t("passwordHint", { min })}
        fault={fault}
        type="password"
        autocomplete="new-password"
        required
        value={after.value}
        onValue={(value) => after.value = value}
      />
      <p class="muted small">{t("passwordEndsOthers")}</p>
      <Failure text={failure.value} />
      <button type="submit" disabled={busy.value || fault !== undefined}>{t("changePassword")}</button>
    </form>
  );
}
