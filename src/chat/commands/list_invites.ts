import { requireAdmin, serverRole } from "./rules.ts";
import { read } from "./spec.ts";

export const listInvites = read<"listInvites">({
  run(_body, context) {
    requireAdmin(context);
    const now = context.now();
    const invites = context.reader.invites()
      .filter((invite) => invite.usesLeft > 0 && (invite.expiresMs === 0 || invite.expiresMs > now))
      // A link to a higher role than one's own would be a ladder.
      .filter((invite) => invite.role <= serverRole(context))
      .map((invite) => ({ ...invite, code: context.secrets.inviteCode(invite.id) }));
    return { case: "invitePage", value: { invites } };
  },
});
