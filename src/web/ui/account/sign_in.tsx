/** The door: log in, or join, after the invite was asked about. @module */
import { useSignal } from "@preact/signals";
import { InviteState, Registration, ServerRole } from "../../../client/mod.ts";
import { UNPROTECTED } from "../../base.ts";
import { t } from "../../i18n/i18n.ts";
import { askAbout, type Invitation, invitation, inviteRefusal } from "../../state/invites/invitation.ts";
import { server } from "../../state/server/server.ts";
import { join, logIn } from "../../state/account/session.ts";
import { loginNameFault, passwordFault, serverNameFault } from "../../text/form_rules.ts";
import { Failure } from "../widgets/failure.tsx";
import { Field } from "../widgets/field.tsx";
import { Logo } from "../widgets/icons.tsx";
import { LanguagePicker } from "../shell/language_picker.tsx";
import { useSubmit } from "../widgets/use_submit.ts";
import { followTranslated } from "../widgets/translated_texts.ts";

/** `invite` is a code that was not asked about yet, or is being asked about; empty without one. */
export function SignIn({ invite, notice }: { invite: string; notice: string }) {
  const known = invite === "" ? undefined : invitation.value;
  const open = server.value?.registration === Registration.OPEN;
  /** Which form the user wants; undefined as long as the invite decides. */
  const wanted = useSignal<"join" | "log-in" | undefined>(invite === "" ? "log-in" : undefined);
  const code = known?.name === "usable" ? invite : "";
  const mayJoin = code !== "" || open;
  const chosen = wanted.value ?? (code ? "join" : undefined);
  const form = chosen === "join" && !mayJoin ? undefined : chosen;
  const first = form === "join" && known?.name === "usable" && known.firstOwner;
  return (
    <main ref={followTranslated} class="door">
      <Logo />
      <h1>{first ? t("setUpTitle") : server.value?.name || "Rookery"}</h1>
      {form && <p class="muted">{leadOf(form, code === "" ? undefined : known)}</p>}
      {notice && <p class="callout" role="status">{notice}</p>}
      {UNPROTECTED && <p class="callout">{t("unprotected")}</p>}
      {!form && <InviteAnswer code={invite} />}
      {form === "join" && <JoinForm invite={code} first={first} />}
      {form === "log-in" && <LogInForm />}
      {!form && known?.name !== "checking" && (
        <button
          type="button"
          class="primary"
          onClick={() => wanted.value = "log-in"}
        >
          {t("logIn")}
        </button>
      )}
      {form !== "log-in" && form !== undefined && (
        <button
          type="button"
          class="plain"
          onClick={() => wanted.value = "log-in"}
        >
          {t("haveAccount")}
        </button>
      )}
      {form !== "join" && mayJoin && known?.name !== "checking" && (
        <button
          type="button"
          class="plain"
          onClick={() => wanted.value = "join"}
        >
          {t("needAccount")}
        </button>
      )}
      {form === "log-in" && !mayJoin && <p class="muted small">{t("inviteNeeded")}</p>}
      <LanguagePicker />
    </main>
  );
}

function leadOf(form: "join" | "log-in", invited: Invitation | undefined): string {
  if (form === "log-in") return t("logInLead");
  if (invited?.name !== "usable") return t("joinOpenLead");
  if (invited.firstOwner) return t("setUpLead", { name: server.value?.name || "Rookery" });
  if (invited.role === ServerRole.OWNER) return t("joinOwnerLead");
  return invited.role === ServerRole.ADMIN ? t("joinAdminLead") : t("joinLead");
}

/** What the server says of an invite with which nobody gets in, before anything was typed. */
function InviteAnswer({ code }: { code: string }) {
  const answer = invitation.value;
  if (answer.name === "checking" || answer.name === "usable") {
    return <p class="muted" role="status">{t("checkingInvite")}</p>;
  }
  if (answer.name === "unchecked") {
    return (
      <>
        <p class="callout" role="alert">{t("inviteUnchecked", { reason: answer.reason })}</p>
        <button type="button" onClick={() => void askAbout(code)}>{t("retry")}</button>
      </>
    );
  }
  return (
    <p class="callout" role="alert">
      <strong>{t(answer.state === InviteState.OWNED ? "inviteOwnedTitle" : "inviteBadTitle")}</strong>
      <br />
      {inviteRefusal(answer.state)}
    </p>
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

/** `first` is the form of the first owner, who names the server, too. */
function JoinForm({ invite, first }: { invite: string; first: boolean }) {
  const name = useSignal("");
  const displayName = useSignal("");
  const password = useSignal("");
  const typedServerName = useSignal<string | undefined>(undefined);
  const { limits, name: presentName = "", nameConfigured = true } = server.value ?? {};
  const names = first && !nameConfigured;
  const serverName = typedServerName.value ?? presentName;
  const wrongServerName = names ? serverNameFault(serverName) : undefined;
  const [bytesMin, bytesMax] = [limits?.passwordBytesMin || 8, limits?.passwordBytesMax || 72];
  const nameFault = loginNameFault(name.value);
  const wrongPassword = passwordFault(password.value, [bytesMin, bytesMax]);
  const { busy, failure, submit } = useSubmit(() => {
    const account = {
      name: name.value,
      displayName: displayName.value.trim(),
      password: password.value,
      inviteCode: invite,
    };
    const renamed = names && serverName.trim() !== presentName;
    return join(account, { serverName: renamed ? serverName.trim() : undefined });
  });
  return (
    <form onSubmit={submit}>
      <Field
        label={t("name")}
        hint={t("nameHint")}
        fault={nameFault}
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
        hint={t("passwordHint", { min: bytesMin })}
        fault={wrongPassword}
        type="password"
        value={password.value}
        onValue={(value) => password.value = value}
        autocomplete="new-password"
        required
      />
      {names && (
        <Field
          label={t("serverName")}
          hint={t("serverNameHint")}
          fault={wrongServerName}
          value={serverName}
          onValue={(value) => typedServerName.value = value}
        />
      )}
      <Submit
        busy={busy.value}
        disabled={[nameFault, wrongPassword, wrongServerName].some((fault) => fault !== undefined)}
        failure={failure.value}
        label={first ? t("setUp") : t("join")}
      />
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
      <Failure text={failure} />
      <button type="submit" class="primary" disabled={busy || disabled}>
        {busy ? t("oneMoment") : label}
      </button>
    </>
  );
}
