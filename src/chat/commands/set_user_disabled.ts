import { SERVER_STREAM } from "../model.ts";
import { DONE } from "../reply.ts";
import { endEvents, requireLowerAccount, requireOtherOwner } from "./accounts.ts";
import { successionEvents } from "./owners.ts";
import { requireAdmin } from "./rules.ts";
import { write } from "./spec.ts";

export const setUserDisabled = write<"setUserDisabled">({
  first: "userUpdated",
  decide({ userId, disabled }, context) {
    requireAdmin(context);
    const before = requireLowerAccount(context, userId);
    if (before.disabled === disabled) return { events: [], unchanged: DONE };
    if (disabled) requireOtherOwner(context, before);
    const user = { ...before, disabled };
    const sessions = disabled ? context.facts.sessionsOf(userId) : [];
    return {
      events: [
        { stream: SERVER_STREAM, body: { case: "userUpdated", value: { user } } },
        ...endEvents(userId, sessions.map((session) => session.id)),
        ...successionEvents(context, user),
      ],
      grows: () => !disabled,
    };
  },
});
