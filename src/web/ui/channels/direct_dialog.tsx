/** Beginning a conversation with one or several people. @module */
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/i18n.ts";
import { closeDialog } from "../../state/shell/dialog.ts";
import { useChat } from "../shell/context.ts";
import { Failure } from "../widgets/failure.tsx";
import { Modal } from "../widgets/modal.tsx";
import { PeoplePicker } from "../people/people_picker.tsx";
import { useSubmit } from "../widgets/use_submit.ts";

/** A conversation has nine people at most, oneself included. */
const OTHERS_MAX = 8;

export function DirectDialog() {
  const chat = useChat();
  const chosen = useSignal<readonly number[]>([]);
  const { busy, failure, submit } = useSubmit(async () => {
    await chat.openDirect(chosen.value);
    closeDialog();
  });
  return (
    <Modal title={t("newDirect")} kind="wide">
      <form onSubmit={submit}>
        <PeoplePicker chosen={chosen} left={new Set([chat.me?.id ?? 0])} max={OTHERS_MAX} />
        <Failure text={failure.value} />
        <div class="dialog-actions">
          <span class="muted">{t("directHint", { count: chosen.value.length, max: OTHERS_MAX })}</span>
          <button type="button" onClick={closeDialog}>{t("cancel")}</button>
          <button type="submit" class="primary" disabled={busy.value || chosen.value.length === 0}>
            {t("startTalking")}
          </button>
        </div>
      </form>
    </Modal>
  );
}
