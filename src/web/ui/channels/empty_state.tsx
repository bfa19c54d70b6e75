/** What is shown where no channel is open. @module */
import { t } from "../../i18n/i18n.ts";
import { firstChannel } from "../../state/shell/chat.ts";
import { dialog } from "../../state/shell/dialog.ts";
import { goTo, route } from "../../state/shell/route.ts";
import { BrowseDialog } from "./browse_dialog.tsx";
import { useChat } from "../shell/context.ts";
import { JoinOffer, usePublicChannel } from "./join_offer.tsx";
import { LeftText } from "./left_text.tsx";
import { OutgoingRow } from "../messages/outgoing_row.tsx";
import { followTranslated } from "../widgets/translated_texts.ts";

export function EmptyState() {
  const chat = useChat();
  const { channelId } = route.value;
  const open = usePublicChannel(chat.ready.value ? channelId : 0);
  const empty = chat.ready.value && chat.rows.value.length === 0;
  if (!chat.ready.value || channelId === 0) {
    return (
      <main ref={followTranslated} class="nothing">
        <p>{!chat.ready.value ? t("connecting") : t(empty ? "noChannelsYet" : "chooseChannel")}</p>
        {empty && <WaysIn />}
      </main>
    );
  }
  const lost = chat.lost.value?.channelId === channelId ? chat.lost.value : undefined;
  const first = chat.row(firstChannel(chat.rows.value));
  const offered = open.channel;
  const unknown = t(open.asking ? "loading" : "noSuchChannel");
  return (
    <main ref={followTranslated} class="nothing">
      {lost?.name ? <p>{t("removedFrom", { name: lost.name })}</p> : !offered && <p>{unknown}</p>}
      {offered && <JoinOffer channel={offered} />}
      <LeftText channelId={channelId} />
      <div class="left-messages">
        {chat.outgoing.in(channelId).map((message) => <OutgoingRow key={message.key} message={message} />)}
      </div>
      {empty && <WaysIn />}
      <div class="choices">
        {first && (
          <button type="button" class={offered ? "" : "primary"} onClick={() => goTo(first.id)}>
            {t("goToChannel", { name: first.others.length > 0 ? first.title : `#${first.title}` })}
          </button>
        )}
        <span class="only-narrow">
          <button type="button" onClick={() => goTo(0)}>{t("backToList")}</button>
        </span>
      </div>
    </main>
  );
}

/** For somebody who is in no channel. */
function WaysIn() {
  return (
    <div class="choices">
      <button type="button" class="primary" onClick={() => dialog.value = () => <BrowseDialog />}>
        {t("browseChannels")}
      </button>
      <button type="button" onClick={() => dialog.value = () => <BrowseDialog create />}>
        {t("createChannel")}
      </button>
    </div>
  );
}
