/** The door: log in, or join with an invite. @module */
import { useSignal } from "@preact/signals";
import { Registration } from "../../client/mod.ts";
import { UNPROTECTED } from "../base.ts";
import { t } from "../i18n/i18n.ts";
import { server } from "../state/server.ts";
import { forgetInvite, join, logIn } from "../state/session.ts";
import { Field } from "./field.tsx";
import { Logo } from "./icons.tsx";
import { LanguagePicker } from "./language_picker.tsx";
import { useSubmit } from "./use_submit.ts";

const NAME = /^[a-z0-9][a-z0-9._-]{1,31}$/;

export function SignIn({ invite, notice }: { invite: string; notice: string }) {
  const mayJoin = invite !== "" || server.value?.registration === Registration.OPEN;
  const joining = useSignal(invite !== "");
  return (
    <main class="door">
      <Logo />
      <h1>{server.value?.name || "Rookery"}</h1>
      <p class="muted">{!joining.value ? t("logInLead") : invite ? t("joinLead") : t("joinOpenLead")}</p>
      {notice && <p class="callout" role="status">{notice}</p>}
      {UNPROTECTED && <p class="callout">{t("unprotected")}</p>}
      {joining.value ? <JoinForm invite={invite} /> : <LogInForm />}
      {mayJoin && (
        <button type="button" class="plain" onClick={() => joining.value = !joining.value}>
          {joining.value ? t("haveAccount") : t("needAccount")}
        </button>
      )}
      {!mayJoin && <p class="muted small">{t("inviteNeeded")}</p>}
      <LanguagePicker />
    </main>
  );
}

function LogInForm() {
  const name = useSignal("");
  const password = useSignal("");
  const { busy, failure, submit } = useSubmit(() => logIn(name.value.trim().toLowerCase(), password.value));
  return (
    <form onSubmit={submit}>
      <Field
        label={t("name")}
        value={name.value}
        onValue={(value) => name.value = value}
        autocomplete="username"
        verbatim
        focused
        required
      />
      <Field
        label={t("password")}
        type="password"
        value={password.value}
        onValue={(value) => password.value = value}
        autocomplete="current-password"
        required
      />
      <Submit busy={busy.value} failure={failure.value} label={t("logIn")} />
    </form>
  );
}

function JoinForm({ invite }: { invite: string }) {
  const name = useSignal("");
  const displayName = useSignal("");
  const password = useSignal("");
  const limits = server.value?.limits;
  const [bytesMin, bytesMax] = [limits?.passwordBytesMin || 8, limits?.passwordBytesMax || 72];
  const bytes = new TextEncoder().encode(password.value).length;
  const badName = name.value !== "" && !NAME.test(name.value);
  const badPassword = password.value !== "" && (bytes < bytesMin || bytes > bytesMax);
  const { busy, failure, submit } = useSubmit(async () => {
    await join({
      name: name.value,
      displayName: displayName.value.trim(),
      password: password.value,
      inviteCode: invite,
    });
    forgetInvite();
  });
  return (
    <form onSubmit={submit}>
      <Field
        label={t("name")}
        hint={t("nameHint")}
        invalid={badName}
        value={name.value}
        onValue={(value) => name.value = value.trim().toLowerCase()}
        autocomplete="username"
        verbatim
        focused
        required
      />
      <Field
        label={t("displayName")}
        hint={t("displayNameHint")}
        value={displayName.value}
        onValue={(value) => displayName.value = value}
        autocomplete="name"
      />
      <Field
        label={t("password")}
        hint={t("passwordHint", { min: bytesMin, max: bytesMax })}
        invalid={badPassword}
        type="password"
        value={password.value}
        onValue={(value) => password.value = value}
        autocomplete="new-password"
        required
      />
      <Submit busy={busy.value} disabled={badName || badPassword} failure={failure.value} label={t("join")} />
    </form>
  );
}

function Submit({ busy, disabled = false, failure, label }: {
  busy: boolean;
  disabled?: boolean;
  failure: string;
  label: string;
}) {
  return (
    <>
      {failure && <p class="hint bad" role="alert">{failure}</p>}
      <button type="submit" class="primary" disabled={busy || disabled}>
        {busy ? t("oneMoment") : label}
      </button>
    </>
  );
}
