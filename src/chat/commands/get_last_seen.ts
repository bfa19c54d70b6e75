import { invalid } from "../error.ts";
import { requireAdmin } from "./rules.ts";
import { read } from "./spec.ts";

export const getLastSeen = read<"getLastSeen">({
  run({ userIds }, context) {
    requireAdmin(context);
    const { facts, limits, reader } = context;
    if (userIds.length > limits.pageItems) invalid(`Ask for at most ${limits.pageItems} users at once`);
    const lastSeen = userIds.filter((userId) => facts.user(userId) !== undefined).map((userId) => ({
      userId,
      timeMs: Math.max(0, ...reader.sessionsOf(userId).map((session) => session.lastUsedMs)),
    }));
    return { case: "lastSeenPage", value: { lastSeen } };
  },
});
