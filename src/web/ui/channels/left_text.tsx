/** What was being written where nothing can be written any more. @module */
import { t } from "../../i18n/i18n.ts";
import { copyText } from "../../state/shell/clipboard.ts";
import { EMPTY } from "../../state/composer/drafts.ts";
import { useChat } from "../shell/context.ts";

export function LeftText({ channelId }: { channelId: number }) {
  const chat = useChat();
  if (!chat.drafts.channels.has(channelId)) return null;
  const draft = chat.drafts.get(channelId);
  const text = [draft.aside?.text, draft.text].filter(Boolean).join("\n");
  return (
    <section class="left-text" aria-label={t("draft")}>
      <h3>{t("draftLeft")}</h3>
      {text && <blockquote dir="auto">{text}</blockquote>}
      <div class="choices">
        {text && <button type="button" class="small" onClick={() => void copyText(text)}>{t("copy")}</button>}
        <button type="button" class="small" onClick={() => chat.drafts.set(channelId, EMPTY)}>
          {t("discard")}
        </button>
      </div>
    </section>
  );
}
