import { InviteState, ServerRole } from "../model.ts";
import { inviteOf, REFUSALS } from "./invites.ts";
import { read } from "./spec.ts";

export const checkInvite = read<"checkInvite">({
  access: "anyone",
  run({ inviteCode }, context) {
    // Before the code is read: who guesses without end is not told of the one that is right either.
    const admission = context.throttle.admit({ address: context.address });
    const { state, invite } = inviteOf(context, inviteCode);
    if (state !== InviteState.UNKNOWN) admission.withdraw();
    if (state !== InviteState.USABLE) {
      return { case: "inviteCheck", value: { state, reason: REFUSALS[state], role: 0, firstOwner: false } };
    }
    const firstOwner = invite.role === ServerRole.OWNER && context.facts.ownerCount() === 0;
    return { case: "inviteCheck", value: { state, reason: "", role: invite.role, firstOwner } };
  },
});
