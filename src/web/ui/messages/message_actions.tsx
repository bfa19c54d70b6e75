/** What can be done with a message. @module */
import type { Message } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { dialog, pickEmoji } from "../../state/shell/dialog.ts";
import { notify } from "../../state/shell/notices.ts";
import { messageLink } from "../../state/shell/route.ts";
import { mayModerate, mayPin } from "../../state/channels/rights.ts";
import { answer, edit, react, togglePin } from "../../state/composer/writing.ts";
import { useChat } from "../shell/context.ts";
import { DeleteDialog } from "./delete_dialog.tsx";
import { IconButton } from "../widgets/icon_button.tsx";

export function MessageActions({ message }: { message: Message }) {
  const chat = useChat();
  const { channelId, seq } = message;
  const mine = message.authorId === chat.me?.id;
  const closed = chat.row(channelId)?.archived ?? false;
  return (
    <div class="actions-frame">
      <div class="actions" role="toolbar" aria-label={t("messageActions")}>
        {!closed && (
          <>
            <IconButton
              icon="smile"
              label={t("addReaction")}
              onClick={(event) => pickEmoji(event.currentTarget, (emoji) => react(chat, message, emoji))}
            />
            <IconButton icon="reply" label={t("reply")} onClick={() => answer(chat, channelId, seq)} />
            {mine && <IconButton icon="edit" label={t("edit")} onClick={() => edit(chat, message)} />}
          </>
        )}
        <IconButton icon="link" label={t("copyLink")} onClick={() => void copyLink(message)} />
        {!closed && mayPin(chat, channelId) && (
          <IconButton
            icon="pin"
            label={message.pinned ? t("unpin") : t("pin")}
            pressed={message.pinned}
            onClick={() => togglePin(chat, message)}
          />
        )}
        {!closed && (mine || mayModerate(chat, channelId)) && (
          <IconButton
            icon="trash"
            label={t("delete")}
            onClick={() => dialog.value = () => <DeleteDialog message={message} />}
          />
        )}
      </div>
    </div>
  );
}

async function copyLink({ channelId, seq }: Message): Promise<void> {
  const link = messageLink(channelId, seq);
  try {
    await navigator.clipboard.writeText(link);
    notify(t("linkCopied"));
  } catch {
    // Without HTTPS there is no clipboard: the link is shown to be copied by hand.
    notify(link);
  }
}
