import { checkPassword, checkUserName, normalDisplayName } from "../text.ts";
import { newAccount, requireGivable } from "./accounts.ts";
import { knownApplicant } from "./attempt.ts";
import { requireAdmin } from "./rules.ts";
import { write } from "./spec.ts";

export const addUser = write<"addUser", { passwordHash: string }>({
  first: "userAdded",
  check(body, limits) {
    checkUserName(body.name, limits);
    checkPassword(body.password, limits);
    normalDisplayName(body.displayName, limits);
  },
  async prepare(body, context) {
    requireAdmin(context);
    return { passwordHash: await context.passwords.hash(body.password, knownApplicant(context, body.name)) };
  },
  decide(body, context, { passwordHash }) {
    requireAdmin(context);
    const { events } = newAccount(context, {
      name: body.name,
      displayName: normalDisplayName(body.displayName, context.limits),
      role: requireGivable(context, body.role),
      passwordHash,
      channelIds: [],
    });
    return { events };
  },
  result(first) {
    if (first.body.case !== "userAdded") throw new TypeError("Not the event of an added user");
    return { case: "user", value: first.body.value.user };
  },
});
