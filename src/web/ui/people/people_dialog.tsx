/** Everybody with an account, for admins: who they are, what they may do, and whether they get in. @module */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { PresenceState, ServerRole, type User } from "../../../client/mod.ts";
import { formatAgo, formatMoment } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import type { Chat } from "../../state/shell/chat.ts";
import { dialog } from "../../state/shell/dialog.ts";
import { attempt, notify } from "../../state/shell/notices.ts";
import { nameOf } from "../../state/people/people.ts";
import { mayManage } from "../../state/channels/rights.ts";
import { MATCH, matchRank } from "../../text/name_match.ts";
import { AddAccountForm, type Given, ResetPasswordForm } from "../account/account_forms.tsx";
import { Avatar, LoginName, Name } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { Field } from "../widgets/field.tsx";
import { GivenPassword } from "../account/given_password.tsx";
import { Icon } from "../widgets/icons.tsx";
import { InviteDialog } from "../invites/invite_dialog.tsx";
import { MenuButton, type MenuItem } from "../widgets/menu.tsx";
import { Modal } from "../widgets/modal.tsx";
import { serverRoleName } from "./role_choice.tsx";
import { usePages } from "../widgets/use_pages.ts";

type View =
  | { readonly name: "list" }
  | { readonly name: "add" }
  | { readonly name: "password"; readonly user: User }
  | { readonly name: "given"; readonly given: Given }
  | { readonly name: "sure"; readonly doubt: Doubt };

/** What is asked about before it is done. */
interface Doubt {
  readonly title: string;
  readonly note: string;
  readonly user: User;
  readonly work: () => Promise<unknown>;
}

export function PeopleDialog() {
  const view = useSignal<View>({ name: "list" });
  const prefix = useSignal("");
  const back = () => view.value = { name: "list" };
  const given = (value: Given) => view.value = { name: "given", given: value };
  const shown = view.value;
  switch (shown.name) {
    case "list":
      return (
        <Modal key="list" title={t("managePeople")} kind="wide">
          <People prefix={prefix} view={view} />
        </Modal>
      );
    case "add":
      return (
        <Modal key="add" title={t("addAccount")}>
          <AddAccountForm onDone={given} onCancel={back} />
        </Modal>
      );
    case "password":
      return (
        <Modal key="password" title={t("setPassword")}>
          <ResetPasswordForm user={shown.user} onDone={given} onCancel={back} />
        </Modal>
      );
    case "given":
      return (
        <Modal key="given" title={t("newPassword")}>
          <GivenPassword {...shown.given} onDone={back} />
        </Modal>
      );
    case "sure":
      return <Sure {...shown.doubt} onDone={back} />;
  }
}

/** So many are shown of those who have the letters elsewhere than at the beginning of the login name. */
const FURTHER_MAX = 50;

function People({ prefix, view }: { prefix: Signal<string>; view: Signal<View> }) {
  const chat = useChat();
  const { items, more, loading, next } = usePages<User>(async (last) => {
    const page = await chat.client.listUsers({ prefix: prefix.value, after: last?.name ?? "" });
    return { items: page.users, more: page.more };
  }, [prefix.value]);
  useEffect(() => {
    if (chat.connected) chat.directory.people().catch(() => {});
  }, [chat.connected]);
  // As in the list of channels: the server knows beginnings, the page has all words.
  const begun = new Set(items.value.map(({ id }) => id));
  const further = prefix.value === ""
    ? []
    : chat.people.known().filter((user) => !begun.has(user.id) && matchRank(user, prefix.value) < MATCH.none);
  const shown = [...items.value, ...further.slice(0, FURTHER_MAX)];
  const seenMs = useLastSeen(chat, shown);
  return (
    <>
      <div class="row">
        <Field
          label={t("filterByName")}
          value={prefix.value}
          onValue={(value) => prefix.value = value.trim().toLowerCase().replace(/^@/, "")}
        />
        <button type="button" onClick={() => dialog.value = () => <InviteDialog />}>
          {t("invitePeople")}
        </button>
        <button type="button" onClick={() => view.value = { name: "add" }}>{t("addAccount")}</button>
      </div>
      <ul class="entries accounts">
        {shown.map(({ id }) => <Person key={id} userId={id} seenMs={seenMs.get(id)} view={view} />)}
      </ul>
      {shown.length === 0 && (
        <p class="muted">
          {!loading.value ? t("nobodyFound") : chat.connected ? t("loading") : t("needsConnection")}
        </p>
      )}
      {more.value && <button type="button" disabled={loading.value} onClick={next}>{t("more")}</button>}
    </>
  );
}

/** When they were last here, as far as it is known; whether they are here now is asked for meanwhile. */
function useLastSeen(chat: Chat, users: readonly User[]): ReadonlyMap<number, number> {
  const seen = useSignal<ReadonlyMap<number, number>>(new Map());
  const ids = users.map(({ id }) => id);
  useEffect(() => {
    const asked = ids.filter((id) => !seen.peek().has(id));
    if (asked.length > 0) {
      chat.client.lastSeen(asked).then(({ lastSeen }) => {
        seen.value = new Map([
          ...seen.peek(),
          ...lastSeen.map(({ userId, timeMs }) => [userId, timeMs] as const),
        ]);
      }, () => {});
    }
    return chat.showPresence(ids);
  }, [ids.join()]);
  return seen.value;
}

function Person(
  { userId, seenMs, view }: { userId: number; seenMs: number | undefined; view: Signal<View> },
) {
  const chat = useChat();
  const user = chat.people.get(userId);
  if (!user) return null;
  const items = mayManage(chat, user) ? itemsFor(chat, user, view) : [];
  return (
    <li class={user.disabled ? "off" : ""}>
      <Avatar userId={userId} presence={!user.disabled} />
      <div class="entry-text">
        <span>
          <Name userId={userId} /> <LoginName userId={userId} />
        </span>
        <span class="muted" title={seenMs ? formatMoment(seenMs) : undefined}>
          {[serverRoleName(user.role), user.disabled ? t("disabled") : presenceOf(chat, userId, seenMs)]
            .filter(Boolean).join(" · ")}
        </span>
      </div>
      {items.length > 0
        ? <MenuButton icon="more" label={t("personActions", { name: nameOf(user) })} items={items} />
        : userId === chat.me?.id && <span class="muted small">{t("thatsYou")}</span>}
    </li>
  );
}

function presenceOf(chat: Chat, userId: number, seenMs: number | undefined): string {
  const presence = chat.people.presence(userId);
  if (presence === PresenceState.ONLINE || presence === PresenceState.AWAY) return t("presentNow");
  if (seenMs === undefined) return "";
  return seenMs === 0 ? t("noDevice") : t("lastSeen", { time: formatAgo(seenMs) });
}

function itemsFor(chat: Chat, user: User, view: Signal<View>): MenuItem[] {
  const { client } = chat;
  const name = nameOf(user);
  const give = (role: ServerRole) => () => attempt(client.setUserRole(user.id, role));
  const ask = (doubt: Omit<Doubt, "user">) => () => view.value = { name: "sure", doubt: { user, ...doubt } };
  const items: MenuItem[] = [];
  if ((chat.me?.role ?? 0) >= ServerRole.OWNER) {
    const work = () => client.setUserRole(user.id, ServerRole.OWNER);
    const owner = ask({ title: t("makeServerOwner"), note: t("ownerNote"), work });
    const roles: readonly (readonly [ServerRole, string, () => unknown])[] = [
      [ServerRole.MEMBER, t("makeServerMember"), give(ServerRole.MEMBER)],
      [ServerRole.ADMIN, t("makeServerAdmin"), give(ServerRole.ADMIN)],
      [ServerRole.OWNER, t("makeServerOwner"), owner],
    ];
    for (const [role, label, onChoose] of roles) {
      if (role !== user.role) items.push({ label, icon: "people", onChoose: () => void onChoose() });
    }
  }
  items.push({
    label: t("setPassword"),
    icon: "lock",
    onChoose: () => view.value = { name: "password", user },
  });
  if (user.disabled) {
    const enable = () => attempt(client.setUserDisabled(user.id, false));
    items.push({ label: t("enableAccount"), icon: "check", onChoose: () => void enable() });
  } else {
    const work = async () => {
      await client.setUserDisabled(user.id, true);
      notify(t("isDisabled", { name }));
    };
    const disable = ask({ title: t("disableAccount"), note: t("disableNote"), work });
    items.push({ label: t("disableAccount"), icon: "out", danger: true, onChoose: disable });
  }
  return items;
}

/** Asks before something that hurts, and comes back to the list. */
function Sure({ title, note, user, work, onDone }: Doubt & { onDone: () => void }) {
  return (
    <Modal key="sure" title={title}>
      <p>
        <Name userId={user.id} /> <LoginName userId={user.id} />
      </p>
      <p class="muted">{note}</p>
      <div class="dialog-actions">
        <button type="button" onClick={onDone}>{t("cancel")}</button>
        <button
          type="button"
          class="danger"
          autofocus
          onClick={() => {
            onDone();
            void attempt(work());
          }}
        >
          <Icon name="check" />
          {title}
        </button>
      </div>
    </Modal>
  );
}
