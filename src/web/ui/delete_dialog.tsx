/** Asks before a message is gone for good. @module */
import type { Message } from "../../client/mod.ts";
import { t } from "../i18n/i18n.ts";
import { closeDialog } from "../state/dialog.ts";
import { keep } from "../state/notices.ts";
import { useChat } from "./context.ts";
import { Modal } from "./modal.tsx";
import { excerpt } from "./quoted.tsx";

export function DeleteDialog({ message }: { message: Message }) {
  const chat = useChat();
  return (
    <Modal title={t("deleteTitle")}>
      <blockquote dir="auto">{excerpt(message.text)}</blockquote>
      <p class="muted">{t("deleteNote")}</p>
      <div class="dialog-actions">
        <button type="button" onClick={closeDialog}>{t("cancel")}</button>
        <button
          type="button"
          class="danger"
          autofocus
          onClick={() => {
            closeDialog();
            keep(chat.client.deleteMessage(message), { connected: chat.connected });
          }}
        >
          {t("delete")}
        </button>
      </div>
    </Modal>
  );
}
