/** Passwords: changed by their owner, reset by an admin. @module */
import { ChatError, Code, denied } from "../error.ts";
import { checkPassword } from "../validation.ts";
import { requireAccount, requireAdmin, requireLowerAccount } from "./authorisation.ts";
import { write } from "./definition.ts";
import { attempted, knownApplicant } from "./password_attempt.ts";
import { endEvents } from "./sessions.ts";

interface Verified {
  readonly verifiedHash: string | undefined;
  readonly passwordHash: string;
}

export const changePassword = write<"changePassword", Verified>({
  first: "passwordChanged",
  check: (body, limits) => checkPassword(body.newPassword, limits),
  async prepare(body, context) {
    const user = requireAccount(context);
    const hash = context.facts.passwordHash(user.id);
    const attempt = { name: user.name, userId: user.id, sessionId: context.principal.sessionId };
    return await attempted(context, attempt, async (applicant, admission) => {
      const { ok } = await context.passwords.verify(body.oldPassword, hash, applicant);
      if (!ok) denied("Password not changed: the current password is wrong");
      admission.succeed();
      return { verifiedHash: hash, passwordHash: await context.passwords.hash(body.newPassword, applicant) };
    });
  },
  decide(_body, context, { verifiedHash, passwordHash }) {
    const { id } = requireAccount(context);
    if (context.facts.passwordHash(id) !== verifiedHash) {
      throw new ChatError(
        Code.FAILED_PRECONDITION,
        "Password not changed: it was changed elsewhere meanwhile",
      );
    }
    const others = context.facts.sessionsOf(id).filter((session) =>
      session.id !== context.principal.sessionId
    );
    return {
      events: [
        { stream: id, body: { case: "passwordChanged", value: { passwordHash } } },
        ...endEvents(id, others.map((session) => session.id)),
      ],
    };
  },
});

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
