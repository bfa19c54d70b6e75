/** Public channels to join, and making a new one. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Channel } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { closeDialog } from "../../state/shell/dialog.ts";
import { attempt } from "../../state/shell/notices.ts";
import { goTo } from "../../state/shell/route.ts";
import { channelNameFault } from "../../text/form_rules.ts";
import { MATCH, matchRank } from "../../text/name_match.ts";
import { useChat } from "../shell/context.ts";
import { Failure } from "../widgets/failure.tsx";
import { Field } from "../widgets/field.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Modal } from "../widgets/modal.tsx";
import { usePages } from "../widgets/use_pages.ts";
import { useSubmit } from "../widgets/use_submit.ts";

/** `create` begins with the making. */
export function BrowseDialog({ create = false }: { create?: boolean }) {
  const creating = useSignal(create);
  return (
    <Modal title={creating.value ? t("createChannel") : t("browseChannels")} kind="wide">
      {creating.value ? <CreateForm /> : <ChannelList onCreate={() => creating.value = true} />}
    </Modal>
  );
}

function ChannelList({ onCreate }: { onCreate: () => void }) {
  const chat = useChat();
  const prefix = useSignal("");
  const { items, more, loading, next } = usePages<Channel>(async (last) => {
    const page = await chat.client.listChannels({ prefix: prefix.value, after: last?.name ?? "" });
    return { items: page.channels, more: page.more };
  }, [prefix.value]);
  useEffect(() => {
    if (chat.connected) chat.directory.refresh().catch(() => {});
  }, [chat.connected]);
  // What begins with the letters comes from the server, page by page; what has such a word further on from what is known.
  const begun = new Set(items.value.map(({ id }) => id));
  const further = prefix.value === ""
    ? []
    : chat.directory.channels.value.filter((channel) =>
      !begun.has(channel.id) && matchRank(channel, prefix.value) < MATCH.none
    );
  const shown = [...items.value, ...further];
  const emptyText = () => {
    if (loading.value) return chat.connected ? t("loading") : t("needsConnection");
    return prefix.value === "" ? t("noChannels") : t("noChannelsFound");
  };
  return (
    <>
      <div class="row">
        <Field
          label={t("filterByName")}
          value={prefix.value}
          onValue={(value) => prefix.value = value.trim().toLowerCase().replace(/^#/, "")}
        />
        <button type="button" class="primary" onClick={onCreate}>{t("createChannel")}</button>
      </div>
      <ul class="entries">
        {shown.map((channel) => <ChannelEntry key={channel.id} channel={channel} />)}
      </ul>
      {shown.length === 0 && <p class="muted">{emptyText()}</p>}
      {more.value && <button type="button" disabled={loading.value} onClick={next}>{t("more")}</button>}
    </>
  );
}

function ChannelEntry({ channel }: { channel: Channel }) {
  const chat = useChat();
  const member = chat.row(channel.id) !== undefined;
  const open = async () => {
    if (member) goTo(channel.id);
    else if (!await attempt(chat.join(channel.id))) return;
    closeDialog();
  };
  return (
    <li>
      <span class="sign">
        <Icon name="hash" />
      </span>
      <div class="entry-text">
        <bdi class="name">{channel.name}</bdi>
        {channel.topic && <bdi class="muted">{channel.topic}</bdi>}
      </div>
      <button type="button" onClick={() => void open()}>{member ? t("open") : t("joinChannel")}</button>
    </li>
  );
}

function CreateForm() {
  const chat = useChat();
  const name = useSignal("");
  const topic = useSignal("");
  const hidden = useSignal(false);
  const fault = channelNameFault(name.value);
  const { busy, failure, submit } = useSubmit(async () => {
    const channel = await chat.client.createChannel(name.value, {
      topic: topic.value.trim(),
      private: hidden.value,
    });
    closeDialog();
    goTo(channel.id);
  });
  return (
    <form onSubmit={submit}>
      <Field
        label={t("channelName")}
        hint={t("channelNameHint")}
        fault={fault}
        value={name.value}
        verbatim
        required
        onValue={(value) => name.value = value.toLowerCase().replaceAll(/\s+/g, "-").replace(/^#/, "")}
      />
      <Field
        label={t("topic")}
        hint={t("topicHint")}
        value={topic.value}
        onValue={(value) => topic.value = value}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={hidden.value}
          onChange={(event) => hidden.value = event.currentTarget.checked}
        />
        <span>
          {t("privateChannel")}
          <span class="hint">{t("privateHint")}</span>
        </span>
      </label>
      <Failure text={failure.value} />
      <div class="dialog-actions">
        <button type="button" onClick={closeDialog}>{t("cancel")}</button>
        <button
          type="submit"
          class="primary"
          disabled={busy.value || fault !== undefined || name.value === ""}
        >
          {t("create")}
        </button>
      </div>
    </form>
  );
}
