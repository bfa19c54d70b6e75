/** The screen of somebody who is logged in. @module */
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/i18n.ts";
import { type Chat, firstChannel } from "../../state/shell/chat.ts";
import { dialog, picking } from "../../state/shell/dialog.ts";
import { membersShown } from "../../state/people/members.ts";
import { goTo, route } from "../../state/shell/route.ts";
import { ConnectionLine } from "./connection_line.tsx";
import { ChatContext } from "./context.ts";
import { EmojiPicker } from "../composer/emoji_picker.tsx";
import { Announcer } from "./announcer.tsx";
import { listenForKeys } from "./keys.tsx";
import { MembersPanel } from "../people/members_panel.tsx";
import { EmptyState } from "../channels/empty_state.tsx";
import { RoomView } from "../channels/room_view.tsx";
import { Sidebar } from "../channels/sidebar.tsx";

/** From here on two columns fit. */
const WIDE = matchMedia("(min-width: 761px)");

export function ChatScreen({ chat }: { chat: Chat }) {
  const first = firstChannel(chat.rows.value);
  useEffect(() => listenForKeys(chat), [chat]);
  useEffect(() => {
    // A narrow page begins with the list, a wide one with a channel beside it.
    if (first > 0 && route.value.channelId === 0 && WIDE.matches) goTo(first, { replace: true });
  }, [chat, first]);
  const room = chat.room.value;
  const open = route.value.channelId !== 0;
  return (
    <ChatContext.Provider value={chat}>
      <a class="skip" href="#composer" onClick={skipToComposer}>{t("skipToComposer")}</a>
      {/* A translator's script replaces texts, which then could not follow what happens. It gets what people wrote. */}
      <div class={`chat ${open ? "in-room" : "in-list"}`} translate={false}>
        <ConnectionLine />
        <Sidebar />
        <div class="stage">
          {room ? <RoomView key={room.channelId} room={room} /> : <EmptyState />}
        </div>
        {room && membersShown.value && <MembersPanel key={`members-${room.channelId}`} room={room} />}
      </div>
      {picking.value && <EmojiPicker picking={picking.value} />}
      {dialog.value?.()}
      <Announcer />
    </ChatContext.Provider>
  );
}

function skipToComposer(event: Event): void {
  event.preventDefault();
  document.getElementById("composer")?.focus();
}
