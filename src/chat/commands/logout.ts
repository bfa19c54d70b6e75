import { endEvents } from "./accounts.ts";
import { requireAccount } from "./rules.ts";
import { write } from "./spec.ts";

export const logout = write<"logout">({
  first: "sessionEnded",
  decide(_body, context) {
    const { id } = requireAccount(context);
    return { events: endEvents(id, [context.principal.sessionId]) };
  },
});
