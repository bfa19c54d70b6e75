import { notFound } from "../error.ts";
import { DONE } from "../reply.ts";
import { endEvents } from "./accounts.ts";
import { requireAccount } from "./rules.ts";
import { write } from "./spec.ts";

export const revokeSessions = write<"revokeSessions">({
  first: "sessionEnded",
  decide(body, context) {
    const { id } = requireAccount(context);
    const sessions = context.facts.sessionsOf(id).filter((session) =>
      body.allOthers ? session.id !== context.principal.sessionId : session.id === body.sessionId
    );
    if (sessions.length === 0) return body.allOthers ? { events: [], unchanged: DONE } : notFound("session");
    return { events: endEvents(id, sessions.map((session) => session.id)) };
  },
});
