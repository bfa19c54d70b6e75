/** Channels and conversations, and what concerns the user. @module */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ChannelKind } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { dialog } from "../../state/shell/dialog.ts";
import { route } from "../../state/shell/route.ts";
import { calls, type ChannelRow } from "../../state/channels/rows.ts";
import { server } from "../../state/server/server.ts";
import { formatCount, formatNumber } from "../../i18n/format.ts";
import { Avatar, Name } from "../widgets/avatar.tsx";
import { BrowseDialog } from "./browse_dialog.tsx";
import { ChannelLink } from "./channel_link.tsx";
import { useChat } from "../shell/context.ts";
import { DirectDialog } from "./direct_dialog.tsx";
import { IconButton } from "../widgets/icon_button.tsx";
import { Icon, Logo } from "../widgets/icons.tsx";
import { InviteDialog } from "../invites/invite_dialog.tsx";
import { pressed } from "../shell/key_names.ts";
import { UnsentItems } from "./unsent_items.tsx";
import { MenuButton, type MenuItem } from "../widgets/menu.tsx";
import { PeopleDialog } from "../people/people_dialog.tsx";
import { useRoving } from "../widgets/roving.ts";
import { RowTitle } from "./row_title.tsx";
import { ServerDialog } from "../server/server_dialog.tsx";
import { SettingsDialog } from "../account/settings_dialog.tsx";
import { ShortcutsDialog } from "../shell/shortcuts_dialog.tsx";
import { Switcher } from "./switcher.tsx";
import { UnreadEdges } from "./unread_edges.tsx";
import { followTranslated } from "../widgets/translated_texts.ts";

export function Sidebar() {
  const chat = useChat();
  const rows = chat.rows.value;
  const list = useRef<HTMLDivElement>(null);
  const { channelId } = route.value;
  const listed = rows.some(({ id }) => id === channelId);
  useRoving(list, ".channel");
  useEffect(() => {
    list.current!.querySelector(".channel.current")?.scrollIntoView({ block: "nearest" });
  }, [channelId, listed]);
  const directs = rows.filter((row) => row.kind === ChannelKind.DIRECT);
  const channels = rows.filter((row) => row.kind !== ChannelKind.DIRECT);
  return (
    <nav ref={followTranslated} class="sidebar" aria-label={t("channels")}>
      <header>
        <Logo />
        <h1>
          <ServerMenu />
        </h1>
        <IconButton
          icon="search"
          label={t("switchTo", { keys: pressed("Mod K") })}
          onClick={() => dialog.value = () => <Switcher />}
        />
      </header>
      <div class="lists-frame">
        <div ref={list} class="lists">
          <UnsentItems />
          <Section
            title={t("directs")}
            rows={directs}
            button={<IconButton icon="add" label={t("newDirect")} onClick={write} />}
            action={t("newDirect")}
            onAction={write}
          />
          <Section
            title={t("channels")}
            rows={channels}
            button={<AddMenu />}
            action={t("browseChannels")}
            onAction={browse}
          />
        </div>
        <UnreadEdges list={list} drawn={rows} />
      </div>
      <footer>
        <button type="button" class="me" title={t("settings")} onClick={openSettings}>
          {chat.me && <Avatar userId={chat.me.id} />}
          {chat.me && <Name userId={chat.me.id} />}
          <Icon name="settings" />
          <span class="hidden">{t("settings")}</span>
        </button>
      </footer>
    </nav>
  );
}

const browse = () => dialog.value = () => <BrowseDialog />;
const create = () => dialog.value = () => <BrowseDialog create />;
const write = () => dialog.value = () => <DirectDialog />;
const openSettings = () => dialog.value = () => <SettingsDialog />;

/** What concerns the whole server, behind its name. */
function ServerMenu() {
  const { isAdmin, isOwner } = useChat();
  const forAdmins: MenuItem[] = [
    { label: t("invitePeople"), icon: "add", onChoose: () => dialog.value = () => <InviteDialog /> },
    { label: t("managePeople"), icon: "people", onChoose: () => dialog.value = () => <PeopleDialog /> },
  ];
  const forOwners: MenuItem[] = [
    { label: t("serverSettings"), icon: "edit", onChoose: () => dialog.value = () => <ServerDialog /> },
  ];
  return (
    <MenuButton
      icon="chevron"
      label={t("serverMenu")}
      words={server.value?.name || "Rookery"}
      items={[
        ...(isAdmin ? forAdmins : []),
        ...(isOwner ? forOwners : []),
        { label: t("browseChannels"), icon: "search", onChoose: browse },
        {
          label: t("shortcuts"),
          icon: "keyboard",
          onChoose: () => dialog.value = () => <ShortcutsDialog />,
        },
        { label: t("settings"), icon: "settings", onChoose: openSettings },
      ]}
    />
  );
}

/** What can be begun, in one place. */
function AddMenu() {
  return (
    <MenuButton
      icon="add"
      label={t("addTo")}
      items={[
        { label: t("createChannel"), icon: "hash", onChoose: create },
        { label: t("browseChannels"), icon: "search", onChoose: browse },
        { label: t("newDirect"), icon: "edit", onChoose: write },
      ]}
    />
  );
}

function Section({ title, rows, button, action, onAction }: {
  title: string;
  rows: readonly ChannelRow[];
  button: VNode;
  /** Words on a button where there are no rows yet. */
  action: string;
  onAction: () => void;
}) {
  const chat = useChat();
  return (
    <section>
      <div class="section-head">
        <h2>{title}</h2>
        {button}
      </div>
      <ul>
        {rows.filter((row) => !row.archived).map((row) => <ChannelItem key={row.id} row={row} />)}
      </ul>
      <Archived rows={rows.filter((row) => row.archived)} />
      {rows.length === 0 && (chat.ready.value
        ? <button type="button" class="plain small" onClick={onAction}>{action}</button>
        : <p class="muted small waiting">{t("loading")}</p>)}
    </section>
  );
}

/** Channels that are only read, folded away unless one of them is open, or has what the user has written. */
function Archived({ rows }: { rows: readonly ChannelRow[] }) {
  const { drafts, outgoing } = useChat();
  if (rows.length === 0) return null;
  const open = rows.some(({ id }) =>
    id === route.value.channelId || drafts.channels.has(id) || outgoing.refusedIn.has(id)
  );
  return (
    <details class="archived" open={open}>
      <summary>{t("archivedChannels", { count: rows.length })}</summary>
      <ul>
        {rows.map((row) => <ChannelItem key={row.id} row={row} />)}
      </ul>
    </details>
  );
}

function ChannelItem({ row }: { row: ChannelRow }) {
  const chat = useChat();
  const current = route.value.channelId === row.id;
  const refused = !current && chat.outgoing.refusedIn.has(row.id);
  const draft = !current && !refused && chat.drafts.channels.has(row.id);
  const kind = [row.unread > 0 && "unread", row.archived && "archived"].filter(Boolean).join(" ");
  return (
    <li>
      <ChannelLink channelId={row.id} kind={kind}>
        <Sign row={row} />
        <RowTitle row={row} class="title" />
        {(draft || refused) && (
          <span class={`draft ${refused ? "bad" : ""}`} title={t(refused ? "notSent" : "draft")}>
            <Icon name={refused ? "send" : "edit"} />
            <span class="hidden">{t(refused ? "notSent" : "draft")}</span>
          </span>
        )}
        <Badges row={row} />
      </ChannelLink>
    </li>
  );
}

/** How much is new, and how much of it calls. In conversations everything does: there one number says both. */
function Badges({ row }: { row: ChannelRow }) {
  const called = calls(row);
  if (row.unread === 0) return null;
  return (
    <span class="badges">
      <span class="hidden">
        {t("unreadMessages", { count: row.unread })}
        {row.mentions > 0 && row.others.length === 0 && ` ${t("mentionsOfYou", { count: row.mentions })}`}
      </span>
      {row.unread > called && <span class="badge" aria-hidden="true">{formatCount(row.unread)}</span>}
      {called > 0 && <span class="badge calling" aria-hidden="true">{formatCount(called)}</span>}
    </span>
  );
}

/** What kind of channel it is; for a conversation, whose. */
function Sign({ row }: { row: ChannelRow }) {
  if (row.kind === ChannelKind.DIRECT) {
    return row.others.length === 1
      ? <Avatar userId={row.others[0]!} presence />
      : <span class="group">{formatNumber(row.others.length + 1)}</span>;
  }
  return (
    <span class="sign">
      <Icon name={row.archived ? "archive" : row.kind === ChannelKind.PRIVATE ? "lock" : "hash"} />
    </span>
  );
}
