import { SERVER_STREAM } from "../model.ts";
import { DONE } from "../reply.ts";
import { normalDisplayName } from "../text.ts";
import { requireAccount } from "./rules.ts";
import { write } from "./spec.ts";

export const updateProfile = write<"updateProfile">({
  first: "userUpdated",
  check: (body, limits) => void normalDisplayName(body.displayName, limits),
  decide(body, context) {
    const before = requireAccount(context);
    const user = { ...before, displayName: normalDisplayName(body.displayName, context.limits) };
    if (user.displayName === before.displayName) return { events: [], unchanged: DONE };
    return { events: [{ stream: SERVER_STREAM, body: { case: "userUpdated", value: { user } } }] };
  },
});
