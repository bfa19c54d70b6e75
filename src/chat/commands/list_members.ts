import { beforeStore, requirePlace } from "./rules.ts";
import { page, read } from "./spec.ts";

export const listMembers = read<"listMembers">({
  run({ channelId, after, limit }, context) {
    requirePlace(context, channelId);
    requirePlace(beforeStore(context), channelId);
    const found = page(
      limit,
      context.limits,
      (rows) => context.reader.members(channelId, { after, limit: rows, banned: false }),
    );
    return { case: "memberPage", value: { members: found.rows, more: found.more } };
  },
});
