import { mayGive } from "./accounts.ts";
import { channelsFor, isUsable } from "./invites.ts";
import { beforeStore, requireAdmin } from "./rules.ts";
import { read } from "./spec.ts";

export const listInvites = read<"listInvites">({
  run(_body, context) {
    requireAdmin(context);
    const asker = beforeStore(context);
    requireAdmin(asker);
    const invites = context.reader.invites()
      // A link to a role that one may not give would be a ladder.
      .filter((invite) => isUsable(context, invite) && mayGive(asker, invite.role))
      .map((invite) => {
        const channelIds = channelsFor(asker, invite);
        // Nor is a link shown that leads into channels which the caller could not have opened.
        const whole = channelIds.length === invite.channelIds.length;
        return { ...invite, channelIds, code: whole ? context.secrets.inviteCode(invite.id) : "" };
      });
    return { case: "invitePage", value: { invites } };
  },
});
