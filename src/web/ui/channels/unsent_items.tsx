/** What was written for channels that are not in the list any more: without this nothing would lead there. @module */
import { t } from "../../i18n/i18n.ts";
import { ChannelLink } from "./channel_link.tsx";
import { useChat } from "../shell/context.ts";
import { Icon } from "../widgets/icons.tsx";
import { excerpt } from "../messages/quoted.tsx";

export function UnsentItems() {
  const chat = useChat();
  if (!chat.ready.value) return null;
  const here = new Set(chat.rows.value.map((row) => row.id));
  const ids = new Set([...chat.outgoing.refusedIn, ...chat.drafts.channels]);
  const left = [...ids].filter((id) => !here.has(id));
  if (left.length === 0) return null;
  return (
    <section class="left-behind">
      <div class="section-head">
        <h2>{t("notSent")}</h2>
      </div>
      <ul>
        {left.map((id) => <LeftItem key={id} channelId={id} />)}
      </ul>
    </section>
  );
}

function LeftItem({ channelId }: { channelId: number }) {
  const chat = useChat();
  const refused = chat.outgoing.in(channelId).find((message) => message.refusal !== "");
  const draft = chat.drafts.get(channelId);
  return (
    <li>
      <ChannelLink channelId={channelId}>
        <span class="sign">
          <Icon name="edit" />
        </span>
        <bdi class="title">{excerpt(refused?.text ?? (draft.text || draft.aside?.text || "…"))}</bdi>
      </ChannelLink>
    </li>
  );
}
