/** Roles on the whole server, by name. @module */
import type { Signal } from "@preact/signals";
import { ServerRole } from "../../../client/mod.ts";
import type { Key } from "../../i18n/catalogue.ts";
import { t } from "../../i18n/i18n.ts";
import { useChat } from "../shell/context.ts";

const NAMES: readonly (readonly [ServerRole, Key])[] = [
  [ServerRole.MEMBER, "serverMember"],
  [ServerRole.ADMIN, "serverAdmin"],
  [ServerRole.OWNER, "serverOwner"],
];

export function serverRoleName(role: ServerRole): string {
  return t(NAMES.find(([known]) => known === role)?.[1] ?? "serverMember");
}

/** Nothing for those who may only make members. */
export function RoleChoice({ role }: { role: Signal<ServerRole> }) {
  if ((useChat().me?.role ?? 0) < ServerRole.OWNER) return null;
  return (
    <label class="choice">
      <span>{t("serverRole")}</span>
      <select
        value={role.value}
        onChange={(event) => role.value = Number(event.currentTarget.value)}
      >
        {NAMES.map(([value, key]) => <option key={value} value={value}>{t(key)}</option>)}
      </select>
    </label>
  );
}
