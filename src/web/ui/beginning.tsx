/** What stands above a channel's first message. @module */
import { ChannelKind } from "../../client/mod.ts";
import { t } from "../i18n/i18n.ts";
import type { Room } from "../state/room.ts";
import { useChat } from "./context.ts";
import { Logo } from "./icons.tsx";

export function Beginning({ room }: { room: Room }) {
  const row = useChat().row(room.channelId);
  if (!row) return null;
  const direct = row.kind === ChannelKind.DIRECT;
  return (
    <div class="beginning">
      <Logo />
      <h3>
        {direct ? t("beginningDirect", { names: row.title }) : t("beginningChannel", { name: row.title })}
      </h3>
      <p>{room.messages.length === 0 ? t("beginningEmpty") : row.topic}</p>
    </div>
  );
}
