/** Ways to what is new: up to the line before it, down to the end. @module */
import { formatSince } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import type { Room } from "../../state/channels/room.ts";
import type { UnreadLine } from "../../state/messages/unread_line.ts";
import { useChat } from "../shell/context.ts";
import { IconButton } from "../widgets/icon_button.tsx";
import { Icon } from "../widgets/icons.tsx";

/** Whoever is writing goes on with it. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

/** Shown while the line is above what is seen, until somebody has looked at it. */
export function UnreadPill({ line, onGo }: { line: UnreadLine; onGo: () => void }) {
  const { above, sinceMs, count } = line;
  if (!above.value || sinceMs.value === 0) return null;
  return (
    <div class="unread-pill">
      <button type="button" onMouseDown={keepFocus} onClick={onGo}>
        <Icon name="up" />
        {t("newSince", { count: count.value, time: formatSince(sinceMs.value) })}
      </button>
      <IconButton icon="close" label={t("dismiss")} onClick={() => line.clear()} />
    </div>
  );
}

/** Shown while the end is not seen. */
export function JumpButton({ room }: { room: Room }) {
  const chat = useChat();
  if (room.atBottom.value || room.empty.value) return null;
  const unread = chat.row(room.channelId)?.unread ?? 0;
  return (
    <button
      type="button"
      class="jump"
      onMouseDown={keepFocus}
      onClick={(event) => {
        // By the keyboard: the button that has the focus is about to go.
        if (event.detail === 0) document.getElementById("composer")?.focus();
        void room.showNewest();
      }}
    >
      <Icon name="down" />
      {unread > 0 ? t("newCount", { count: unread }) : t("jumpToLatest")}
    </button>
  );
}
