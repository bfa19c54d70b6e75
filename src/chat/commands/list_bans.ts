import { ChannelRole } from "../model.ts";
import { beforeStore, requireManager } from "./rules.ts";
import { page, read } from "./spec.ts";

export const listBans = read<"listBans">({
  run({ channelId, after, limit }, context) {
    requireManager(context, channelId, ChannelRole.MODERATOR);
    requireManager(beforeStore(context), channelId, ChannelRole.MODERATOR);
    const found = page(
      limit,
      context.limits,
      (rows) => context.reader.members(channelId, { after, limit: rows, banned: true }),
    );
    return { case: "memberPage", value: { members: found.rows, more: found.more } };
  },
});
