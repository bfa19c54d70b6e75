import { checkPassword } from "../text.ts";
import { endEvents, requireLowerAccount } from "./accounts.ts";
import { knownApplicant } from "./attempt.ts";
import { requireAdmin } from "./rules.ts";
import { write } from "./spec.ts";

export const resetPassword = write<"resetPassword", { passwordHash: string }>({
  first: "passwordChanged",
  check: (body, limits) => checkPassword(body.password, limits),
  async prepare(body, context) {
    requireAdmin(context);
    const { name } = requireLowerAccount(context, body.userId);
    return { passwordHash: await context.passwords.hash(body.password, knownApplicant(context, name)) };
  },
  decide({ userId }, context, { passwordHash }) {
    requireAdmin(context);
    requireLowerAccount(context, userId);
    const sessions = context.facts.sessionsOf(userId);
    return {
      events: [
        { stream: userId, body: { case: "passwordChanged", value: { passwordHash } } },
        ...endEvents(userId, sessions.map((session) => session.id)),
      ],
    };
  },
});
