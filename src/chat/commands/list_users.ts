import { foldName } from "../text.ts";
import { page, read } from "./spec.ts";

export const listUsers = read<"listUsers">({
  run({ prefix, after, limit }, { reader, limits }) {
    const found = page(
      limit,
      limits,
      (rows) => reader.users({ prefix: foldName(prefix, limits), after, limit: rows }),
    );
    return { case: "userPage", value: { users: found.rows, more: found.more } };
  },
});
