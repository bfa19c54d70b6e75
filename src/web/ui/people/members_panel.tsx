/** Who is in the open channel. @module */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ChannelKind, ChannelRole, PresenceState, roleIn } from "../../../client/mod.ts";
import { collator, formatNumber } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { closeDialog, dialog } from "../../state/shell/dialog.ts";
import { hideMembers } from "../../state/people/members.ts";
import { attempt } from "../../state/shell/notices.ts";
import { nameOf } from "../../state/people/people.ts";
import { mayModerate, mayOwn } from "../../state/channels/rights.ts";
import type { Room } from "../../state/channels/room.ts";
import { Avatar, LoginName, Name } from "../widgets/avatar.tsx";
import { ConfirmDialog } from "../widgets/confirm_dialog.tsx";
import { useChat } from "../shell/context.ts";
import { Failure } from "../widgets/failure.tsx";
import { IconButton } from "../widgets/icon_button.tsx";
import { Icon } from "../widgets/icons.tsx";
import { Modal } from "../widgets/modal.tsx";
import { PeoplePicker } from "./people_picker.tsx";
import { useRoving } from "../widgets/roving.ts";
import { useMembers } from "./use_members.ts";
import { useSubmit } from "../widgets/use_submit.ts";

/** Who is here, who is not, and of whom it is not known. */
const HEADS = ["presentNow", "absent", "people"] as const;

export function MembersPanel({ room }: { room: Room }) {
  const chat = useChat();
  const { channelId } = room;
  const panel = useRef<HTMLElement>(null);
  useRoving(panel, ".member");
  const direct = room.state?.channel.kind === ChannelKind.DIRECT;
  // Of as many as may be watched it is known who is here.
  const { ids, more, next } = useMembers(channelId, { enough: chat.client.replica.limits?.watchedIds ?? 0 });
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
            onClick={() => dialog.value = () => <AddDialog channelId={channelId} />}
          />
        )}
        <IconButton icon="close" label={t("close")} onClick={() => hideMembers()} />
      </header>
      {lists.map((list, i) =>
        list.length > 0 && (
          <section key={i}>
            <h3>{t(HEADS[i]!)} · {formatNumber(list.length)}{more && "+"}</h3>
            <ul>{list.map((id) => <MemberItem key={id} channelId={channelId} userId={id} />)}</ul>
          </section>
        )
      )}
      {more && <button type="button" onClick={next}>{t("more")}</button>}
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
/** So many members are left out for certain; to add one again changes nothing. */
const LEFT_OUT = 1_000;

function AddDialog({ channelId }: { channelId: number }) {
  const chat = useChat();
  const { ids } = useMembers(channelId, { enough: LEFT_OUT });
  const chosen = useSignal<readonly number[]>([]);
  const { busy, failure, submit } = useSubmit(async () => {
    await Promise.all(chosen.value.map((userId) => chat.client.addMember(channelId, userId)));
    closeDialog();
  });
  return (
    <Modal title={t("addPeople")} kind="wide">
      <form onSubmit={submit}>
        <PeoplePicker chosen={chosen} left={new Set(ids)} max={ADDED_MAX} />
        <Failure text={failure.value} />
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
