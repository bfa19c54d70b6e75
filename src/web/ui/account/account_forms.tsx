/** What admins fill in for others: a new account, another password. @module */
import { useSignal } from "@preact/signals";
import { ServerRole, type User } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { nameOf } from "../../state/people/people.ts";
import { loginNameFault } from "../../text/form_rules.ts";
import { useChat } from "../shell/context.ts";
import { Failure } from "../widgets/failure.tsx";
import { Field } from "../widgets/field.tsx";
import { newPassword, PasswordField } from "./given_password.tsx";
import { RoleChoice } from "../people/role_choice.tsx";
import { useSubmit } from "../widgets/use_submit.ts";

/** Somebody's password as it is now, to be told. */
export interface Given {
  readonly name: string;
  readonly password: string;
}

interface FormProps {
  readonly onDone: (given: Given) => void;
  readonly onCancel: () => void;
}

export function AddAccountForm({ onDone, onCancel }: FormProps) {
  const chat = useChat();
  const name = useSignal("");
  const displayName = useSignal("");
  const role = useSignal<ServerRole>(ServerRole.MEMBER);
  const password = useSignal(newPassword());
  const fault = loginNameFault(name.value);
  const { busy, failure, submit } = useSubmit(async () => {
    const account = { name: name.value, displayName: displayName.value.trim(), role: role.value };
    await chat.client.addUser({ ...account, password: password.value });
    onDone({ name: name.value, password: password.value });
  });
  return (
    <form onSubmit={submit}>
      <Field
        label={t("name")}
        hint={t("nameHint")}
        fault={fault}
        value={name.value}
        onValue={(value) => name.value = value.trim().toLowerCase()}
        verbatim
        focused
        required
      />
      <Field
        label={t("displayName")}
        hint={t("displayNameHint")}
        value={displayName.value}
        onValue={(value) => displayName.value = value}
      />
      <RoleChoice role={role} />
      <PasswordField value={password.value} onValue={(value) => password.value = value} />
      <Actions
        action={t("addAccount")}
        disabled={fault !== undefined}
        {...{ busy: busy.value, failure: failure.value, onCancel }}
      />
    </form>
  );
}

export function ResetPasswordForm({ user, onDone, onCancel }: FormProps & { user: User }) {
  const chat = useChat();
  const password = useSignal(newPassword());
  const { busy, failure, submit } = useSubmit(async () => {
    await chat.client.resetPassword(user.id, password.value);
    onDone({ name: user.name, password: password.value });
  });
  return (
    <form onSubmit={submit}>
      <p class="muted">{t("resetLead", { name: nameOf(user) })}</p>
      <PasswordField value={password.value} onValue={(value) => password.value = value} />
      <Actions action={t("setPassword")} {...{ busy: busy.value, failure: failure.value, onCancel }} />
    </form>
  );
}

function Actions({ action, disabled = false, busy, failure, onCancel }: {
  action: string;
  disabled?: boolean;
  busy: boolean;
  failure: string;
  onCancel: () => void;
}) {
  return (
    <>
      <Failure text={failure} />
      <div class="dialog-actions">
        <button type="button" onClick={onCancel}>{t("cancel")}</button>
        <button type="submit" class="primary" disabled={busy || disabled}>
          {busy ? t("oneMoment") : action}
        </button>
      </div>
    </>
  );
}
