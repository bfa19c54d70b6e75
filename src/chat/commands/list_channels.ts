import { foldName } from "../text.ts";
import { page, read } from "./spec.ts";

export const listChannels = read<"listChannels">({
  run({ prefix, after, limit, includeArchived }, { reader, limits }) {
    const found = page(
      limit,
      limits,
      (rows) =>
        reader.publicChannels({ prefix: foldName(prefix, limits), after, limit: rows, includeArchived }),
    );
    return { case: "channelPage", value: { channels: found.rows, more: found.more } };
  },
});
