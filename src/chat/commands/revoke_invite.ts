import { notFound } from "../error.ts";
import { SERVER_STREAM } from "../model.ts";
import { mayGive } from "./accounts.ts";
import { requireAdmin } from "./rules.ts";
import { write } from "./spec.ts";

export const revokeInvite = write<"revokeInvite">({
  first: "inviteRevoked",
  decide({ inviteId }, context) {
    requireAdmin(context);
    const invite = context.facts.invite(inviteId);
    if (!invite || !mayGive(context, invite.role)) notFound("invite");
    return { events: [{ stream: SERVER_STREAM, body: { case: "inviteRevoked", value: { inviteId } } }] };
  },
});
