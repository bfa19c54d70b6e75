/** Ctrl+K: to any channel or person by a few letters. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Channel, ChannelKind, type User } from "../../../client/mod.ts";
import { formatCount } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import type { Chat } from "../../state/shell/chat.ts";
import { closeDialog } from "../../state/shell/dialog.ts";
import { attempt } from "../../state/shell/notices.ts";
import { nameOf } from "../../state/people/people.ts";
import { goTo } from "../../state/shell/route.ts";
import { calls, type ChannelRow } from "../../state/channels/rows.ts";
import { MATCH, matchRank, type Named } from "../../text/name_match.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { Icon } from "../widgets/icons.tsx";
import { onKeys } from "../shell/key_event.ts";
import { Modal } from "../widgets/modal.tsx";
import { RowTitle } from "./row_title.tsx";

type Target =
  | { readonly row: ChannelRow }
  | { readonly user: User }
  /** A public one that the user is not in. */
  | { readonly channel: Channel };

const SHOWN_MAX = 9;

export function Switcher() {
  const chat = useChat();
  const letters = useSignal("");
  const chosen = useSignal(0);
  const targets = targetsFor(chat, letters.value.trim().toLowerCase().replace(/^[#@]/, ""));
  const at = Math.min(chosen.value, targets.length - 1);
  useEffect(() => {
    chosen.value = 0;
    // People one has never met are found by their login name.
    const prefix = letters.value.trim().toLowerCase().replace(/^@/, "");
    if (prefix) chat.client.listUsers({ prefix, limit: SHOWN_MAX }).catch(() => {});
  }, [letters.value]);
  useEffect(() => {
    if (!chat.connected) return;
    chat.directory.refresh().catch(() => {});
    chat.directory.people().catch(() => {});
  }, [chat.connected]);
  const go = (target: Target) => {
    closeDialog();
    if ("row" in target) goTo(target.row.id);
    else if ("user" in target) void attempt(chat.openDirect([target.user.id]));
    else void attempt(chat.join(target.channel.id));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (targets.length === 0) return;
    if (event.key === "ArrowDown") chosen.value = (at + 1) % targets.length;
    else if (event.key === "ArrowUp") chosen.value = (at + targets.length - 1) % targets.length;
    else if (event.key === "Enter") go(targets[at]!);
    else return;
    event.preventDefault();
  };
  return (
    <Modal title={t("switchHead")} kind="switcher">
      <input
        type="text"
        role="combobox"
        autofocus
        aria-label={t("switchHint")}
        placeholder={t("switchHint")}
        aria-expanded="true"
        aria-controls="targets"
        aria-activedescendant={targets.length > 0 ? `target-${at}` : undefined}
        value={letters.value}
        onInput={(event) => letters.value = event.currentTarget.value}
        onKeyDown={onKeys(onKeyDown)}
      />
      <ul id="targets" role="listbox" aria-label={t("switchHead")}>
        {targets.map((target, i) => (
          <li
            key={keyOf(target)}
            id={`target-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseMove={() => chosen.value = i}
            onClick={() => go(target)}
          >
            <TargetView target={target} />
          </li>
        ))}
      </ul>
      {targets.length === 0 && letters.value !== "" && <p class="muted">{t("nothingFound")}</p>}
    </Modal>
  );
}

/** Users and channels are numbered together. */
function keyOf(target: Target): number {
  return ("row" in target ? target.row : "user" in target ? target.user : target.channel).id;
}

function TargetView({ target }: { target: Target }) {
  if ("user" in target) {
    const { user } = target;
    return (
      <>
        <Avatar userId={user.id} presence />
        <bdi class="name">{nameOf(user)}</bdi>
        <span class="login">@{user.name}</span>
      </>
    );
  }
  if ("channel" in target) {
    return (
      <>
        <span class="sign">
          <Icon name="hash" />
        </span>
        <bdi class="name">{target.channel.name}</bdi>
        <span class="badge joining">{t("joinChannel")}</span>
      </>
    );
  }
  const { row } = target;
  const direct = row.kind === ChannelKind.DIRECT;
  return (
    <>
      {direct && row.others.length === 1 ? <Avatar userId={row.others[0]!} presence /> : (
        <span class="sign">
          <Icon name={direct ? "people" : row.kind === ChannelKind.PRIVATE ? "lock" : "hash"} />
        </span>
      )}
      <RowTitle row={row} class="name" />
      {row.unread > 0 && (
        <span class={calls(row) > 0 ? "badge calling" : "badge"}>
          {formatCount(calls(row) || row.unread)}
        </span>
      )}
    </>
  );
}

/** What calls for attention first, then what begins with the letters, has such words, has them somewhere. */
function targetsFor(chat: Chat, letters: string): Target[] {
  const rank = (named: Named) => letters === "" ? 0 : matchRank(named, letters);
  const current = chat.room.peek()?.channelId;
  const all = chat.rows.value;
  const rows = all
    .filter((row) => row.id !== current || letters !== "")
    .map((row) => ({ row, match: rankOfRow(chat, row, rank) }))
    .map(({ row, match }) => ({
      ...{ row, match },
      rank: match - Math.sign(calls(row)) * 0.5 - Math.sign(row.unread) * 0.2,
    }));
  if (letters === "") return best(rows);
  const talkedTo = new Set(all.filter((row) => row.others.length === 1).map((row) => row.others[0]));
  const users = chat.people.known()
    .filter((user) => !user.disabled && !talkedTo.has(user.id) && user.id !== chat.me?.id)
    .map((user) => ({ user, match: rank(user) }))
    .map(({ user, match }) => ({ user, match, rank: match + 0.1 }));
  const mine = new Set(all.map(({ id }) => id));
  const channels = chat.directory.channels.value
    .filter(({ id }) => !mine.has(id))
    .map((channel) => ({ channel, match: rank(channel) }))
    .map(({ channel, match }) => ({ channel, match, rank: match + 0.2 }));
  return best([...rows, ...users, ...channels]);
}

/** A conversation is found by both names of the people in it, a channel by its own. */
function rankOfRow(chat: Chat, { title, others }: ChannelRow, rank: (named: Named) => number): number {
  const people = others.map((id) => chat.people.get(id)).filter((user) => user !== undefined);
  return Math.min(rank({ name: title }), ...people.map(rank));
}

function best(targets: readonly (Target & { readonly match: number; readonly rank: number })[]): Target[] {
  return targets.filter(({ match }) => match < MATCH.none)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN_MAX);
}
