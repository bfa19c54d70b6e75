/** What its owners may change of the whole server. @module */
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/i18n.ts";
import { notify } from "../../state/shell/notices.ts";
import { server } from "../../state/server/server.ts";
import { serverNameFault } from "../../text/form_rules.ts";
import { useChat } from "../shell/context.ts";
import { Field } from "../widgets/field.tsx";
import { Modal } from "../widgets/modal.tsx";
import { useSubmit } from "../widgets/use_submit.ts";

export function ServerDialog() {
  return (
    <Modal title={t("serverSettings")}>
      {server.value?.nameConfigured
        ? <p>{t("refusedServerConfigured")}</p>
        : <NameForm present={server.value?.name ?? ""} />}
    </Modal>
  );
}

function NameForm({ present }: { present: string }) {
  const chat = useChat();
  const typed = useSignal<string | undefined>(undefined);
  const name = typed.value ?? present;
  const fault = serverNameFault(name);
  const { busy, failure, submit } = useSubmit(async () => {
    await chat.client.updateServer(name.trim());
    typed.value = undefined;
    notify(t("saved"));
  });
  return (
    <form onSubmit={submit}>
      <Field
        label={t("serverName")}
        hint={failure.value || t("serverNameSeen")}
        invalid={failure.value !== ""}
        fault={fault}
        value={name}
        focused
        onValue={(value) => typed.value = value}
      />
      <button
        type="submit"
        class="primary"
        disabled={busy.value || fault !== undefined || name.trim() === present}
      >
        {t("save")}
      </button>
    </form>
  );
}
