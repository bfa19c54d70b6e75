/** Asks before something that cannot be taken back. @module */
import type { ComponentChildren } from "preact";
import { t } from "../../i18n/i18n.ts";
import { closeDialog } from "../../state/shell/dialog.ts";
import { Modal } from "./modal.tsx";

export function ConfirmDialog({ title, note, action, onConfirm, children }: {
  title: string;
  /** What it will mean. */
  note: string;
  /** Words on the button that does it. */
  action: string;
  onConfirm: () => void;
  /** What it is about. */
  children?: ComponentChildren;
}) {
  return (
    <Modal title={title}>
      {children}
      <p class="muted">{note}</p>
      <div class="dialog-actions">
        <button type="button" onClick={closeDialog}>{t("cancel")}</button>
        <button
          type="button"
          class="danger"
          autofocus
          onClick={() => {
            closeDialog();
            onConfirm();
          }}
        >
          {action}
        </button>
      </div>
    </Modal>
  );
}
