/** A message that is not in the channel yet. @module */
import { formatTime } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { copyText } from "../../state/shell/clipboard.ts";
import type { OutgoingMessage } from "../../state/messages/outgoing.ts";
import { Avatar, Name } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { Markdown } from "./markdown_view.tsx";

const NOBODY = { names: new Set<string>(), me: "" };

/** `follows` another message of the user's: no need to say who. */
export function OutgoingRow(
  { message, follows = false }: { message: OutgoingMessage; follows?: boolean },
) {
  const chat = useChat();
  const { key, refusal, storedSeq } = message;
  const me = chat.me?.id ?? 0;
  const row = chat.row(message.channelId);
  const writable = row !== undefined && !row.archived;
  const offline = chat.connection.value.name !== "live";
  return (
    <article
      class={`message outgoing ${follows ? "follows" : ""} ${refusal ? "refused" : ""}`}
      data-key={key}
    >
      <div class="gutter">
        {!follows && <Avatar userId={me} />}
      </div>
      <div class="body">
        <header>
          {!follows && <Name userId={me} />}
          <span class="state">
            {refusal
              ? t("notSent")
              : t(offline && storedSeq === 0 ? "waits" : "sending", { time: formatTime(message.createdMs) })}
          </span>
        </header>
        <div class="text">
          <Markdown text={message.text} mentioned={NOBODY} />
        </div>
        {refusal && <p class="hint bad" role="alert">{refusal}</p>}
        {(refusal || (offline && storedSeq === 0)) && (
          <div class="choices">
            {writable && (
              <button
                type="button"
                class="small"
                onClick={() => refusal ? chat.outgoing.retry(key) : chat.client.nudge()}
              >
                {t("retry")}
              </button>
            )}
            {refusal && (
              <button type="button" class="small" onClick={() => void copyText(message.text)}>
                {t("copy")}
              </button>
            )}
            <button type="button" class="small" onClick={() => chat.outgoing.discard(key)}>
              {t("discard")}
            </button>
          </div>
        )}
      </div>
    </article>
  );
}
