import { SERVER_STREAM } from "../model.ts";
import { DONE } from "../reply.ts";
import { requireGivable, requireLowerAccount, requireOtherOwner } from "./accounts.ts";
import { requireAdmin } from "./rules.ts";
import { write } from "./spec.ts";

export const setUserRole = write<"setUserRole">({
  first: "userUpdated",
  decide(body, context) {
    requireAdmin(context);
    const before = requireLowerAccount(context, body.userId);
    const role = requireGivable(context, body.role);
    if (before.role === role) return { events: [], unchanged: DONE };
    requireOtherOwner(context, before);
    const user = { ...before, role };
    return {
      events: [{ stream: SERVER_STREAM, body: { case: "userUpdated", value: { user } } }],
      grows: () => false,
    };
  },
});
