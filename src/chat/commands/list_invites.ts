import type { Invite } from "../model.ts";
import { mayGive } from "./accounts.ts";
import { channelsFor, invitesAfter, isUsable } from "./invites.ts";
import { beforeStore, requireAdmin } from "./rules.ts";
import { page, read } from "./spec.ts";

export const listInvites = read<"listInvites">({
  run({ after, limit }, context) {
    requireAdmin(context);
    const asker = beforeStore(context);
    requireAdmin(asker);
    // A link to a role that one may not give would be a ladder.
    const shown = (invite: Invite) => isUsable(context, invite) && mayGive(asker, invite.role);
    const found = page(
      limit,
      context.limits,
      (rows) =>
        invitesAfter(context.reader, { after, nowMs: context.now() }).filter(shown).take(rows).toArray(),
    );
    const invites = found.rows.map((invite) => {
      const channelIds = channelsFor(asker, invite);
      // Nor is a link shown that leads into channels which the caller could not have opened.
      const whole = channelIds.length === invite.channelIds.length;
      return { ...invite, channelIds, code: whole ? context.secrets.inviteCode(invite.id) : "" };
    });
    return { case: "invitePage", value: { invites, more: found.more } };
  },
});
