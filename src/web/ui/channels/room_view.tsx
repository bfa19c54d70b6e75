/** The open channel: its head, its messages, the composer. @module */
import { ChannelKind } from "../../../client/mod.ts";
import { formatList } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { dialog } from "../../state/shell/dialog.ts";
import { hideMembers, membersShown, showMembers } from "../../state/people/members.ts";
import { nameOf } from "../../state/people/people.ts";
import type { Room } from "../../state/channels/room.ts";
import { goTo } from "../../state/shell/route.ts";
import type { ChannelRow } from "../../state/channels/rows.ts";
import { Avatar, LoginName } from "../widgets/avatar.tsx";
import { ChannelDialog } from "./channel_dialog.tsx";
import { Composer } from "../composer/composer.tsx";
import { useChat } from "../shell/context.ts";
import { IconButton } from "../widgets/icon_button.tsx";
import { Icon } from "../widgets/icons.tsx";
import { LeftText } from "./left_text.tsx";
import { MessageList } from "../messages/message_list.tsx";
import { PinsDialog } from "../messages/pins_dialog.tsx";
import { RowTitle } from "./row_title.tsx";
import { followTranslated } from "../widgets/translated_texts.ts";

export function RoomView({ room }: { room: Room }) {
  const chat = useChat();
  const row = chat.row(room.channelId);
  if (!row) return null;
  return (
    <main class="room">
      <RoomHead row={row} />
      <MessageList room={room} />
      <div class="desk">
        <TypingLine room={room} />
        {row.archived
          ? (
            <>
              <LeftText channelId={row.id} />
              <p class="closed">
                <Icon name="archive" />
                {t("archivedNote")}
              </p>
            </>
          )
          : <Composer room={room} row={row} />}
      </div>
    </main>
  );
}

function RoomHead({ row }: { row: ChannelRow }) {
  const direct = row.kind === ChannelKind.DIRECT;
  const single = direct && row.others.length === 1 ? row.others[0] : undefined;
  return (
    <header ref={followTranslated} class="room-head">
      <span class="only-narrow">
        <IconButton icon="back" label={t("backToList")} onClick={() => goTo(0)} />
      </span>
      {single !== undefined ? <Avatar userId={single} presence /> : !direct && (
        <span class="sign">
          <Icon name={row.kind === ChannelKind.PRIVATE ? "lock" : "hash"} />
        </span>
      )}
      <div class="room-title">
        <h2>
          <RowTitle row={row} />
          {single !== undefined && <LoginName userId={single} />}
        </h2>
        {row.topic && (
          <p class="topic" title={row.topic}>
            <bdi key={row.topic} translate>{row.topic}</bdi>
          </p>
        )}
      </div>
      <IconButton
        icon="pin"
        label={t("pinnedMessages")}
        onClick={() => dialog.value = () => <PinsDialog channelId={row.id} />}
      />
      {!direct && (
        <IconButton
          icon="settings"
          label={t("channelSettings")}
          onClick={() => dialog.value = () => <ChannelDialog channelId={row.id} />}
        />
      )}
      <IconButton
        icon="people"
        label={t("members")}
        pressed={membersShown.value}
        onClick={() => hideMembers() || showMembers()}
      />
    </header>
  );
}

/** More names than these are not read. */
const TYPING_NAMES_MAX = 3;

function TypingLine({ room }: { room: Room }) {
  const chat = useChat();
  const ids = chat.typing(room.channelId);
  const names = ids.slice(0, TYPING_NAMES_MAX).map((id) => nameOf(chat.people.get(id)));
  const text = ids.length === 0
    ? ""
    : ids.length > TYPING_NAMES_MAX
    ? t("manyTyping", { count: ids.length })
    : t("typing", { count: ids.length, names: formatList(names) });
  return (
    <p ref={followTranslated} class="typing">
      {text && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span>{text}</span>
        </>
      )}
    </p>
  );
}
