import { page, read } from "./spec.ts";

export const listChannels = read<"listChannels">({
  run({ prefix, after, limit, includeArchived }, { reader, limits }) {
    const found = page(
      limit,
      limits,
      (rows) => reader.publicChannels({ prefix, after, limit: rows, includeArchived }),
    );
    return { case: "channelPage", value: { channels: found.rows, more: found.more } };
  },
});
