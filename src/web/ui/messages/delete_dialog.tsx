/** Asks before a message is gone for good. @module */
import type { Message } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { remove } from "../../state/composer/writing.ts";
import { ConfirmDialog } from "../widgets/confirm_dialog.tsx";
import { useChat } from "../shell/context.ts";
import { excerpt } from "./quoted.tsx";

export function DeleteDialog({ message }: { message: Pick<Message, "channelId" | "seq" | "text"> }) {
  const chat = useChat();
  return (
    <ConfirmDialog
      title={t("deleteTitle")}
      note={t("deleteNote")}
      action={t("delete")}
      onConfirm={() => remove(chat, message)}
    >
      <blockquote dir="auto">{excerpt(message.text)}</blockquote>
    </ConfirmDialog>
  );
}
