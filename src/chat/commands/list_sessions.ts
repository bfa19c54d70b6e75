import { requireAccount } from "./rules.ts";
import { read } from "./spec.ts";

export const listSessions = read<"listSessions">({
  run(_body, context) {
    const { id } = requireAccount(context);
    const sessions = context.reader.sessionsOf(id).map((session) => ({
      ...session,
      current: session.id === context.principal.sessionId,
    }));
    return { case: "sessionPage", value: { sessions } };
  },
});
