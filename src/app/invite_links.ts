/** Links by which people come in, and the first of them, which makes its user the owner. @module */
import { commandOf } from "../chat/command.ts";
import { invitesAfter } from "../chat/commands/invites.ts";
import { OPERATOR, ServerRole } from "../chat/model.ts";
import type { Core } from "./core.ts";

/** Where an invite code is entered. The secret stands behind #, which browsers never send. */
export function inviteLink(url: string, code: string): string {
  return `${url}/#invite=${code}`;
}

/** Code of the one-time owner invite; undefined once there is an owner. */
export async function ownerInviteCode({ chat, store, secrets }: Core): Promise<string | undefined> {
  if (store.ownerCount() > 0) return undefined;
  // Of all invites this one alone has no end.
  const endless = { after: 0, nowMs: Number.MAX_SAFE_INTEGER };
  const open = invitesAfter(store, endless).find(({ role }) => role === ServerRole.OWNER);
  if (open) return secrets.inviteCode(open.id);
  const claim = commandOf({
    case: "createInvite",
    value: { role: ServerRole.OWNER, uses: 1, validS: 0, channelIds: [] },
  });
  const result = await chat.execute(claim, { principal: OPERATOR });
  if (result.case === "invite") return result.value.code;
  throw new Error(result.case === "error" ? result.value.message : "No owner link could be made");
}
