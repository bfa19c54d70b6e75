/** Who is in the open channel. @module */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ChannelKind, ChannelRole, PresenceState, roleIn } from "../../client/mod.ts";
import { collator, formatNumber } from "../i18n/format.ts";
import { t } from "../i18n/i18n.ts";
import { closeDialog, dialog } from "../state/dialog.ts";
import { hideMembers } from "../state/members.ts";
import { attempt, attemptRead } from "../state/notices.ts";
import { nameOf } from "../state/people.ts";
import { mayModerate, mayOwn } from "../state/rights.ts";
import type { Room } from "../state/room.ts";
import { Avatar, LoginName, Name } from "./avatar.tsx";
import { ConfirmDialog } from "./confirm_dialog.tsx";
import { useChat } from "./context.ts";
import { IconButton } from "./icon_button.tsx";
import { Icon } from "./icons.tsx";
import { Modal } from "./modal.tsx";
import { PeoplePicker } from "./people_picker.tsx";
import { useRoving } from "./roving.ts";
import { useSubmit } from "./use_submit.ts";

/** Who is here, who is not, and of whom it is not known. */
const HEADS = ["presentNow", "absent", "people"] as const;

export function MembersPanel({ room }: { room: Room }) {
  const chat = useChat();
  const { channelId } = room;
  const more = useSignal(false);
  /** Last of the newest page: those who join meanwhile have higher numbers, and lie behind all pages. */
  const last = useSignal(0);
  const panel = useRef<HTMLElement>(null);
  chat.watchChannels();
  useRoving(panel, ".member");
  const state = room.state;
  const direct = state?.channel.kind === ChannelKind.DIRECT;
  const load = async (after: number) => {
    const page = chat.client.listMembers(channelId, { after });
    if (!await attemptRead(page)) return;
    const { members, more: rest } = await page;
    more.value = rest;
    last.value = members.at(-1)?.userId ?? after;
    chat.client.getUsers(members.map(({ userId }) => userId)).catch(() => {});
  };
  const { connected } = chat;
  useEffect(() => {
    if (connected && !direct) void load(0);
  }, [channelId, connected]);
  const ids = direct ? state?.channel.directUserIds ?? [] : [...state?.members.keys() ?? []];
  const rank = (id: number) => {
    const presence = chat.people.presence(id);
    return presence === undefined ? 2 : presence === PresenceState.OFFLINE ? 1 : 0;
  };
  const sorted = ids.toSorted((a, b) =>
    rank(a) - rank(b) || collator().compare(nameOf(chat.people.get(a)), nameOf(chat.people.get(b)))
  );
  useEffect(() => chat.showPresence(ids), [ids.join()]);
  const lists = HEADS.map((_, i) => sorted.filter((id) => rank(id) === i));
  return (
    <aside ref={panel} class="members" aria-label={t("members")}>
      <header>
        <h2>{t("members")}</h2>
        {!direct && (
          <IconButton
            icon="add"
            label={t("addPeople")}
            onClick={() => dialog.value = () => <AddDialog channelId={channelId} members={new Set(ids)} />}
          />
        )}
        <IconButton icon="close" label={t("close")} onClick={() => hideMembers()} />
      </header>
      {lists.map((list, i) =>
        list.length > 0 && (
          <section key={i}>
            <h3>{t(HEADS[i]!)} · {formatNumber(list.length)}</h3>
            <ul>{list.map((id) => <MemberItem key={id} channelId={channelId} userId={id} />)}</ul>
          </section>
        )
      )}
      {more.value && <button type="button" onClick={() => void load(last.value)}>{t("more")}</button>}
    </aside>
  );
}

function MemberItem({ channelId, userId }: { channelId: number; userId: number }) {
  const chat = useChat();
  const open = useSignal(false);
  const role = chat.client.replica.channels.get(channelId)?.members.get(userId);
  return (
    <li>
      <button
        type="button"
        class="member"
        aria-expanded={open.value}
        onClick={() => open.value = !open.value}
      >
        <Avatar userId={userId} presence />
        <span class="names">
          <Name userId={userId} />
          <LoginName userId={userId} />
        </span>
        {role !== undefined && role >= ChannelRole.MODERATOR && (
          <span class="role">{role === ChannelRole.OWNER ? t("owner") : t("moderator")}</span>
        )}
      </button>
      {open.value && <MemberActions channelId={channelId} userId={userId} role={role} />}
    </li>
  );
}

function MemberActions({ channelId, userId, role = ChannelRole.MEMBER }: {
  channelId: number;
  userId: number;
  role?: ChannelRole | undefined;
}) {
  const chat = useChat();
  const mine = userId === chat.me?.id;
  const direct = chat.row(channelId)?.kind === ChannelKind.DIRECT;
  const below = mayModerate(chat, channelId) &&
    (roleIn(chat.client.replica, channelId) > role || mayOwn(chat, channelId));
  const { client } = chat;
  return (
    <div class="member-actions">
      <button type="button" class="small" onClick={() => void attempt(chat.openDirect([userId]))}>
        {t("message")}
      </button>
      {!direct && !mine && mayOwn(chat, channelId) && (
        <button
          type="button"
          class="small"
          onClick={() => {
            const next = role >= ChannelRole.MODERATOR ? ChannelRole.MEMBER : ChannelRole.MODERATOR;
            void attempt(client.setMemberRole({ channelId, userId }, next));
          }}
        >
          {role >= ChannelRole.MODERATOR ? t("makeMember") : t("makeModerator")}
        </button>
      )}
      {!direct && !mine && below && (
        <>
          <button
            type="button"
            class="small"
            onClick={() => dialog.value = () => <RemoveDialog channelId={channelId} userId={userId} />}
          >
            {t("remove")}
          </button>
          <button
            type="button"
            class="small danger"
            onClick={() => dialog.value = () => <BanDialog channelId={channelId} userId={userId} />}
          >
            {t("ban")}
          </button>
        </>
      )}
    </div>
  );
}

function RemoveDialog({ channelId, userId }: { channelId: number; userId: number }) {
  const chat = useChat();
  const open = chat.row(channelId)?.kind === ChannelKind.PUBLIC;
  return (
    <ConfirmDialog
      title={t("removeTitle")}
      note={open ? t("removePublicNote") : t("removeNote")}
      action={t("remove")}
      onConfirm={() => void attempt(chat.client.removeMember(channelId, userId))}
    >
      <p>
        <Name userId={userId} /> <LoginName userId={userId} />
      </p>
    </ConfirmDialog>
  );
}

function BanDialog({ channelId, userId }: { channelId: number; userId: number }) {
  const chat = useChat();
  return (
    <ConfirmDialog
      title={t("banTitle")}
      note={t("banNote")}
      action={t("ban")}
      onConfirm={() => void attempt(chat.client.banMember(channelId, userId))}
    >
      <p>
        <Name userId={userId} /> <LoginName userId={userId} />
      </p>
    </ConfirmDialog>
  );
}

/** Enough for a class; more is done in several goes. */
const ADDED_MAX = 30;

function AddDialog({ channelId, members }: { channelId: number; members: ReadonlySet<number> }) {
  const chat = useChat();
  const chosen = useSignal<readonly number[]>([]);
  const { busy, failure, submit } = useSubmit(async () => {
    await Promise.all(chosen.value.map((userId) => chat.client.addMember(channelId, userId)));
    closeDialog();
  });
  return (
    <Modal title={t("addPeople")} kind="wide">
      <form onSubmit={submit}>
        <PeoplePicker chosen={chosen} left={members} max={ADDED_MAX} />
        {failure.value && <p class="hint bad" role="alert">{failure.value}</p>}
        <div class="dialog-actions">
          <button type="button" onClick={closeDialog}>{t("cancel")}</button>
          <button type="submit" class="primary" disabled={busy.value || chosen.value.length === 0}>
            <Icon name="add" />
            {t("add")}
          </button>
        </div>
      </form>
    </Modal>
  );
}
