/** The messages that are pinned to a channel. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Pin } from "../../../client/mod.ts";
import { formatMoment } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { closeDialog } from "../../state/shell/dialog.ts";
import { nameOf } from "../../state/people/people.ts";
import { mayPin } from "../../state/channels/rights.ts";
import { togglePin } from "../../state/composer/writing.ts";
import { Avatar, Name } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { IconButton } from "../widgets/icon_button.tsx";
import { Modal } from "../widgets/modal.tsx";
import { excerpt } from "./quoted.tsx";
import { usePages } from "../widgets/use_pages.ts";

export function PinsDialog({ channelId }: { channelId: number }) {
  const chat = useChat();
  const changes = useSignal(0);
  const { items, more, loading, next } = usePages<Pin>(async (last) => {
    const page = await chat.client.listPins(channelId, { before: last?.seq ?? 0 });
    return { items: page.pins, more: page.more };
  }, [channelId, changes.value]);
  useEffect(
    () =>
      chat.client.on("event", ({ stream, body }) => {
        if (stream !== channelId) return;
        const shown = (seq: number) => items.peek().some(({ message }) => message?.seq === seq);
        const changed = body.case === "messagePinned" || body.case === "messageUnpinned" ||
          ((body.case === "messageDeleted" || body.case === "messageEdited") && shown(body.value.messageSeq));
        if (changed) changes.value++;
      }),
    [chat, channelId],
  );
  const emptyText = () => {
    if (loading.value) return chat.connected ? t("loading") : t("needsConnection");
    return mayPin(chat, channelId) ? t("noPins") : t("noPinsYet");
  };
  return (
    <Modal title={t("pinnedMessages")} kind="wide">
      <ul class="entries pins">
        {items.value.map((pin) => <PinEntry key={pin.seq} pin={pin} />)}
      </ul>
      {items.value.length === 0 && <p class="muted">{emptyText()}</p>}
      {more.value && <button type="button" disabled={loading.value} onClick={next}>{t("more")}</button>}
    </Modal>
  );
}

function PinEntry({ pin: { message, userId, timeMs } }: { pin: Pin }) {
  const chat = useChat();
  if (!message) return null;
  const closed = chat.row(message.channelId)?.archived ?? false;
  const show = () => {
    closeDialog();
    void chat.room.value?.show(message.seq);
  };
  return (
    <li>
      <Avatar userId={message.authorId} />
      <div class="entry-text">
        <span>
          <Name userId={message.authorId} /> <span class="muted">{formatMoment(message.timeMs)}</span>
        </span>
        <bdi class="excerpt" translate>{excerpt(message.text)}</bdi>
        <span class="muted">
          {t("pinnedBy", { name: nameOf(chat.people.get(userId)), time: formatMoment(timeMs) })}
        </span>
      </div>
      <button type="button" onClick={show}>{t("showInChannel")}</button>
      {!closed && mayPin(chat, message.channelId) && (
        <IconButton
          icon="close"
          label={t("unpin")}
          onClick={() => togglePin(chat, message)}
        />
      )}
    </li>
  );
}
