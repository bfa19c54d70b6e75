/** The message that another one answers, in a line. @module */
import { t } from "../../i18n/i18n.ts";
import { Name } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { Icon } from "../widgets/icons.tsx";

const CHARS_MAX = 140;

export function Quoted({ channelId, seq }: { channelId: number; seq: number }) {
  const chat = useChat();
  const room = chat.room.value;
  const message = room?.messages.find((message) => message.seq === seq) ?? chat.quotes.get(channelId, seq);
  return (
    <button type="button" class="quoted" onClick={() => void room?.show(seq)}>
      <Icon name="reply" />
      {message && <Name userId={message.authorId} />}
      <span class="excerpt" dir="auto">
        {!message ? "…" : message.deleted ? t("deletedMessage") : excerpt(message.text)}
      </span>
    </button>
  );
}

/** The beginning of a text in one line. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > CHARS_MAX ? `${line.slice(0, CHARS_MAX)}…` : line;
}
