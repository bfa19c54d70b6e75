/** One message: who, when, what, and what can be done with it. @module */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Message } from "../../../client/mod.ts";
import { EVERYBODY } from "../../../text/mention.ts";
import { formatMoment, formatTime } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import type { Change } from "../../state/messages/optimistic_edits.ts";
import { Avatar, LoginName, Name } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { Icon } from "../widgets/icons.tsx";
import { Markdown, type Mentioned } from "./markdown_view.tsx";
import { memo } from "../widgets/memo.ts";
import { MessageActions } from "./message_actions.tsx";
import { Quoted } from "./quoted.tsx";
import { Reactions } from "./reactions.tsx";

export interface MessageRowProps {
  readonly message: Message;
  /** What is shown of it in advance. */
  readonly change: Change | undefined;
  /** It follows another one of the same author's: no need to say who. */
  readonly follows: boolean;
  /** It was jumped to. */
  readonly marked: boolean;
  /** It shows what can be done with it. */
  readonly active: boolean;
  /** The one that Tab reaches. */
  readonly tabbable: boolean;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, change, follows, marked, active, tabbable } = props;
  const { authorId, timeMs, seq, deleted } = message;
  const chat = useChat();
  const me = chat.me;
  const calling = !deleted && authorId !== me?.id &&
    (message.mentionChannel || message.mentionIds.includes(me?.id ?? 0));
  const rewritten = change !== undefined && (change.deleted || change.text !== undefined);
  const state = [
    follows && "follows",
    marked && "marked",
    active && "active",
    calling && "calling",
    rewritten && "rewritten",
    change?.deleted && "vanishing",
  ];
  return (
    <article
      class={`message ${state.filter(Boolean).join(" ")}`}
      data-seq={seq}
      tabIndex={tabbable ? 0 : -1}
      aria-label={t("messageBy", { name: chat.people.get(authorId)?.name ?? "…", time: formatTime(timeMs) })}
    >
      <div class="gutter">
        {follows ? <Time timeMs={timeMs} /> : <Avatar userId={authorId} />}
      </div>
      <div class="body">
        {!follows && (
          <header>
            <Name userId={authorId} />
            <LoginName userId={authorId} />
            <Time timeMs={timeMs} />
          </header>
        )}
        {message.replyTo > 0 && !deleted && <Quoted channelId={message.channelId} seq={message.replyTo} />}
        {deleted ? <p class="tombstone">{t("deletedMessage")}</p> : <MessageText message={message} />}
        {message.pinned && (
          <p class="pinned">
            <Icon name="pin" />
            {t("pinned")}
          </p>
        )}
        {message.reactions.length > 0 && <Reactions message={message} change={change} />}
        {change && !deleted && <ChangeNote change={change} />}
      </div>
      {active && !deleted && !change?.deleted && <MessageActions message={message} />}
    </article>
  );
});

/** Without a connection: that the change waits for one, and how it is given up. */
function ChangeNote({ change }: { change: Change }) {
  const chat = useChat();
  if (chat.connected) return null;
  const what = change.deleted ? t("delete") : change.text !== undefined ? t("edit") : undefined;
  return (
    <p class="change-note">
      <span>{what && `${what} · `}{t("waits", { time: formatTime(change.sinceMs) })}</span>
      <button type="button" class="plain small" onClick={() => chat.changes.discard(change)}>
        {t("discard")}
      </button>
    </p>
  );
}

function Time({ timeMs }: { timeMs: number }) {
  return (
    <time dateTime={new Date(timeMs).toISOString()} title={formatMoment(timeMs)}>{formatTime(timeMs)}</time>
  );
}

/** Higher texts are folded until somebody wants to read them. */
const FOLDED_PX = 420;

function MessageText({ message }: { message: Message }) {
  const chat = useChat();
  const box = useRef<HTMLDivElement>(null);
  const long = useSignal(false);
  const open = useSignal(false);
  // Only a text that may be high is measured.
  const suspect = message.text.length > 180 || message.text.split("\n").length > 8;
  useLayoutEffect(() => {
    if (suspect) long.value = box.current!.scrollHeight > FOLDED_PX + 40;
  }, [message.text, suspect]);
  const names = new Set(message.mentionIds.map((id) => chat.people.get(id)?.name ?? ""));
  if (message.mentionChannel) names.add(EVERYBODY);
  const mentioned: Mentioned = { names, me: chat.me?.name ?? "" };
  return (
    <>
      <div
        ref={box}
        translate
        class={`text ${suspect && !open.value ? "folded" : ""} ${long.value ? "long" : ""}`}
      >
        <Markdown key={[message.text, ...names].join("\n")} text={message.text} mentioned={mentioned} />
        {message.editedMs > 0 && (
          <span class="edited" translate={false} title={formatMoment(message.editedMs)}>{t("edited")}</span>
        )}
      </div>
      {long.value && (
        <button type="button" class="plain small" onClick={() => open.value = !open.value}>
          {open.value ? t("showLess") : t("showMore")}
        </button>
      )}
    </>
  );
}
