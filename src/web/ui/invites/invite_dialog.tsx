/** Links by which people get an account. @module */
import { useSignal } from "@preact/signals";
import { type Invite, ServerRole } from "../../../client/mod.ts";
import { BASE } from "../../base.ts";
import { formatMoment } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { attempt, notify } from "../../state/shell/notices.ts";
import { useChat } from "../shell/context.ts";
import { Failure } from "../widgets/failure.tsx";
import { IconButton } from "../widgets/icon_button.tsx";
import { LoopbackNote } from "./loopback_note.tsx";
import { Modal } from "../widgets/modal.tsx";
import { RoleChoice, serverRoleName } from "../people/role_choice.tsx";
import { usePages } from "../widgets/use_pages.ts";
import { useSubmit } from "../widgets/use_submit.ts";

const DAY_S = 24 * 3600;
const DAYS = [1, 7, 30];
const USES = [1, 5, 25, 100];

export function InviteDialog() {
  const chat = useChat();
  const uses = useSignal(1);
  const days = useSignal(7);
  const role = useSignal<ServerRole>(ServerRole.MEMBER);
  const fresh = useSignal<Invite | undefined>(undefined);
  const { items, more, loading, next } = usePages<Invite>(async (last) => {
    const page = await chat.client.listInvites({ after: last?.id ?? 0 });
    return { items: page.invites, more: page.more };
  }, []);
  const { busy, failure, submit } = useSubmit(async () => {
    const invite = { uses: uses.value, validS: days.value * DAY_S, role: role.value };
    const made = await chat.client.createInvite(invite);
    fresh.value = made;
    // Where the browser does not let it be copied at once, there is a button.
    navigator.clipboard?.writeText(linkOf(made.code)).then(() => notify(t("linkCopied")), () => {});
    items.value = [made, ...items.value];
  });
  const revoke = async (id: number) => {
    if (!await attempt(chat.client.revokeInvite(id))) return;
    if (fresh.value?.id === id) fresh.value = undefined;
    items.value = items.value.filter((invite) => invite.id !== id);
  };
  return (
    <Modal title={t("invitePeople")} kind="wide">
      <p class="muted">{t("inviteLead")}</p>
      <form class="row" onSubmit={submit}>
        <Choice
          label={t("inviteUses")}
          value={uses}
          options={USES.map((count) => [count, t("people_", { count })])}
        />
        <Choice
          label={t("inviteValid")}
          value={days}
          options={DAYS.map((count) => [count, t("days", { count })])}
        />
        <RoleChoice role={role} />
        <button type="submit" class="primary" disabled={busy.value}>{t("makeLink")}</button>
      </form>
      <Failure text={failure.value} />
      {fresh.value && <InviteLink code={fresh.value.code} />}
      <LoopbackNote />
      <h3>{t("openInvites")}</h3>
      <ul class="entries">
        {items.value.map((invite) => (
          <InviteEntry
            key={invite.id}
            invite={invite}
            onRevoke={() => void revoke(invite.id)}
          />
        ))}
      </ul>
      {items.value.length === 0 && (
        <p class="muted">
          {!loading.value ? t("noInvites") : chat.connected ? t("loading") : t("needsConnection")}
        </p>
      )}
      {more.value && <button type="button" disabled={loading.value} onClick={next}>{t("more")}</button>}
    </Modal>
  );
}

function InviteEntry({ invite, onRevoke }: { invite: Invite; onRevoke: () => void }) {
  const { code, expiresMs, role, usesLeft } = invite;
  const facts = [
    role > ServerRole.MEMBER && serverRoleName(role),
    expiresMs > 0 ? t("validUntil", { time: formatMoment(expiresMs) }) : t("validForEver"),
    code === "" && t("inviteHidden"),
  ];
  return (
    <li>
      <div class="entry-text">
        <span>{t("invitesLeft", { count: usesLeft })}</span>
        <span class="muted">{facts.filter(Boolean).join(" · ")}</span>
      </div>
      {code !== "" && (
        <IconButton
          icon="copy"
          label={t("copyLink")}
          onClick={() => void copy(linkOf(code))}
        />
      )}
      <IconButton icon="trash" label={t("revoke")} onClick={onRevoke} />
    </li>
  );
}

function Choice({ label, value, options }: {
  label: string;
  value: { value: number };
  options: readonly (readonly [number, string])[];
}) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value.value} onChange={(event) => value.value = Number(event.currentTarget.value)}>
        {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
      </select>
    </label>
  );
}

function InviteLink({ code }: { code: string }) {
  const link = linkOf(code);
  return (
    <div class="invite-link">
      <input
        readOnly
        value={link}
        aria-label={t("inviteLink")}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" onClick={() => void copy(link)}>{t("copy")}</button>
    </div>
  );
}

/** The secret stands behind #, which browsers never send. */
function linkOf(code: string): string {
  return `${BASE}#invite=${code}`;
}

async function copy(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    notify(t("linkCopied"));
  } catch {
    notify(t("copyByHand"), { kind: "error" });
  }
}
