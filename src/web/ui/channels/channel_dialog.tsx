/** A channel's own affairs: name, topic, closing it, leaving it. @module */
import { useSignal } from "@preact/signals";
import { ChannelKind, type Member } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { closeDialog, dialog } from "../../state/shell/dialog.ts";
import { attempt, notify } from "../../state/shell/notices.ts";
import { mayModerate, mayOwn } from "../../state/channels/rights.ts";
import { goTo } from "../../state/shell/route.ts";
import type { ChannelRow } from "../../state/channels/rows.ts";
import { channelNameFault, foldedChannelName } from "../../text/form_rules.ts";
import { LoginName, Name } from "../widgets/avatar.tsx";
import { ConfirmDialog } from "../widgets/confirm_dialog.tsx";
import { useChat } from "../shell/context.ts";
import { Field } from "../widgets/field.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Modal } from "../widgets/modal.tsx";
import { usePages } from "../widgets/use_pages.ts";
import { useSubmit } from "../widgets/use_submit.ts";

export function ChannelDialog({ channelId }: { channelId: number }) {
  const chat = useChat();
  const row = chat.row(channelId);
  if (!row) return null;
  const leave = async () => {
    if (!await attempt(chat.client.leaveChannel(channelId))) return;
    closeDialog();
    goTo(0);
  };
  const askToLeave = () => {
    dialog.value = () => (
      <ConfirmDialog
        title={t("leaveTitle", { name: row.title })}
        note={row.kind === ChannelKind.PUBLIC ? t("leavePublicNote") : t("leaveNote")}
        action={t("leaveChannel")}
        onConfirm={() => void leave()}
      />
    );
  };
  return (
    <Modal title={`#${row.title}`}>
      {mayModerate(chat, channelId)
        ? <Details row={row} />
        : <p>{row.topic ? <bdi>{row.topic}</bdi> : <span class="muted">{t("noTopic")}</span>}</p>}
      {mayModerate(chat, channelId) && <Banned channelId={channelId} />}
      <div class="dialog-actions">
        {mayOwn(chat, channelId) && (
          <button
            type="button"
            onClick={() => void attempt(chat.client.setChannelArchived(channelId, !row.archived))}
          >
            <Icon name="archive" />
            {row.archived ? t("unarchive") : t("archive")}
          </button>
        )}
        <button type="button" class="danger" onClick={askToLeave}>
          <Icon name="out" />
          {t("leaveChannel")}
        </button>
      </div>
    </Modal>
  );
}

function Banned({ channelId }: { channelId: number }) {
  const chat = useChat();
  const { items, more, next } = usePages<Member>(async (last) => {
    const page = await chat.client.listBans(channelId, { after: last?.userId ?? 0 });
    return { items: page.members, more: page.more };
  }, [channelId]);
  const lift = async (userId: number) => {
    if (!await attempt(chat.client.unbanMember(channelId, userId))) return;
    items.value = items.value.filter((member) => member.userId !== userId);
  };
  if (items.value.length === 0) return null;
  return (
    <section>
      <h3>{t("banned")}</h3>
      <ul class="entries">
        {items.value.map(({ userId }) => (
          <li key={userId}>
            <div class="entry-text">
              <Name userId={userId} />
              <LoginName userId={userId} />
            </div>
            <button type="button" onClick={() => void lift(userId)}>{t("unban")}</button>
          </li>
        ))}
      </ul>
      {more.value && <button type="button" onClick={next}>{t("more")}</button>}
    </section>
  );
}

function Details({ row }: { row: ChannelRow }) {
  const chat = useChat();
  const name = useSignal(row.title);
  const topic = useSignal(row.topic);
  const fault = channelNameFault(name.value);
  const same = foldedChannelName(name.value) === row.title && topic.value === row.topic;
  const { busy, failure, submit } = useSubmit(async () => {
    await chat.client.updateChannel(row.id, { name: name.value, topic: topic.value.trim() });
    notify(t("saved"));
  });
  return (
    <form onSubmit={submit}>
      <Field
        label={t("channelName")}
        hint={failure.value || t("channelNameHint")}
        invalid={failure.value !== ""}
        fault={fault}
        value={name.value}
        onValue={(value) => name.value = value.toLowerCase().replaceAll(/\s+/g, "-")}
      />
      <Field
        label={t("topic")}
        hint={t("topicHint")}
        value={topic.value}
        onValue={(value) => topic.value = value}
      />
      <button type="submit" class="primary" disabled={busy.value || same || fault !== undefined}>
        {t("save")}
      </button>
    </form>
  );
}
