/** Emoji under a message. @module */
import type { Message } from "../../../client/mod.ts";
import { formatList, formatNumber } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import type { Change } from "../../state/messages/optimistic_edits.ts";
import { pickEmoji } from "../../state/shell/dialog.ts";
import { nameOf } from "../../state/people/people.ts";
import { react } from "../../state/composer/writing.ts";
import { useChat } from "../shell/context.ts";
import { Icon } from "../widgets/icons.tsx";

/** More names than these are not read. */
const NAMES_MAX = 12;

/** `change` is what is shown of them in advance. */
export function Reactions({ message, change }: { message: Message; change: Change | undefined }) {
  const chat = useChat();
  const me = chat.me?.id ?? 0;
  return (
    <div class="reactions">
      {message.reactions.map(({ emoji, userIds }) => {
        const names = userIds.slice(0, NAMES_MAX).map((id) => nameOf(chat.people.get(id)));
        const others = userIds.length - names.length;
        const who = formatList(others > 0 ? [...names, t("andOthers", { count: others })] : names);
        return (
          <button
            key={emoji}
            type="button"
            class={change?.reactions.has(emoji) ? "reaction pending" : "reaction"}
            aria-pressed={userIds.includes(me)}
            aria-label={t("reactedBy", { emoji, count: userIds.length, names: who })}
            title={who}
            onClick={() => react(chat, message, emoji)}
          >
            <span class="emoji">{emoji}</span>
            {formatNumber(userIds.length)}
          </button>
        );
      })}
      <button
        type="button"
        class="reaction more"
        aria-label={t("addReaction")}
        title={t("addReaction")}
        onClick={(event) => pickEmoji(event.currentTarget, (emoji) => react(chat, message, emoji))}
      >
        <Icon name="smile" />
      </button>
    </div>
  );
}
