import { invalid } from "../error.ts";
import type { CommandBodies } from "../command.ts";
import { SERVER_STREAM, ServerRole } from "../model.ts";
import { requireGivable } from "./accounts.ts";
import { requireAdmin, requireManager } from "./rules.ts";
import { type Context, write } from "./spec.ts";

const DEFAULT_VALID_S = 7 * 24 * 3600;

/** Whether it is for the first owner of a new server: such an invite ends with them, and not with a time. */
function claims({ facts, principal }: Context, { role, validS }: CommandBodies["createInvite"]): boolean {
  return principal.kind === "operator" && role === ServerRole.OWNER && validS === 0 &&
    facts.ownerCount() === 0;
}

export const createInvite = write<"createInvite">({
  first: "inviteCreated",
  check(body, limits) {
    if (body.uses > limits.inviteUses) invalid(`An invite has at most ${limits.inviteUses} uses`);
    if (body.channelIds.length > limits.pageItems) {
      invalid(`At most ${limits.pageItems} channels for one invite`);
    }
  },
  decide(body, context) {
    requireAdmin(context);
    const role = requireGivable(context, body.role);
    for (const channelId of body.channelIds) requireManager(context, channelId, 1);
    const invite = {
      id: context.newId(),
      role,
      usesLeft: body.uses === 0 ? 1 : body.uses,
      expiresMs: claims(context, body)
        ? 0
        : context.now() + (body.validS === 0 ? DEFAULT_VALID_S : body.validS) * 1000,
      creatorId: context.principal.userId,
      channelIds: [...new Set(body.channelIds)],
    };
    return {
      events: [{
        stream: SERVER_STREAM,
        body: { case: "inviteCreated", value: { inviteId: invite.id, invite } },
      }],
    };
  },
  result(first, context) {
    if (first.body.case !== "inviteCreated") throw new TypeError("Not the event of a new invite");
    const { inviteId, invite } = first.body.value;
    return { case: "invite", value: { ...invite, code: context.secrets.inviteCode(inviteId) } };
  },
});
