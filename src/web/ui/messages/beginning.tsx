/** What stands above a channel's first message. @module */
import { ChannelKind } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import type { Room } from "../../state/channels/room.ts";
import { dialog } from "../../state/shell/dialog.ts";
import { BrowseDialog } from "../channels/browse_dialog.tsx";
import { useChat } from "../shell/context.ts";
import { Logo } from "../widgets/icons.tsx";
import { InviteDialog } from "../invites/invite_dialog.tsx";
import { SettingsDialog } from "../account/settings_dialog.tsx";

export function Beginning({ room }: { room: Room }) {
  const chat = useChat();
  const row = chat.row(room.channelId);
  if (!row) return null;
  const direct = row.kind === ChannelKind.DIRECT;
  const empty = room.messages.length === 0;
  return (
    <div class="beginning">
      <Logo />
      <h3>
        {direct ? t("beginningDirect", { names: row.title }) : t("beginningChannel", { name: row.title })}
      </h3>
      <p>{empty ? t("beginningEmpty") : row.topic}</p>
      {empty && !direct && chat.isAdmin && <FirstSteps />}
    </div>
  );
}

/** What whoever runs a new server wants to do before talking. */
function FirstSteps() {
  const { me } = useChat();
  return (
    <div class="choices">
      <button type="button" class="small" onClick={() => dialog.value = () => <InviteDialog />}>
        {t("invitePeople")}
      </button>
      <button type="button" class="small" onClick={() => dialog.value = () => <BrowseDialog create />}>
        {t("createChannel")}
      </button>
      {!me?.displayName && (
        <button
          type="button"
          class="small"
          onClick={() => dialog.value = () => <SettingsDialog />}
        >
          {t("setDisplayName")}
        </button>
      )}
    </div>
  );
}
