import { invalid } from "../error.ts";
import type { User } from "../model.ts";
import { read } from "./spec.ts";

export const getUsers = read<"getUsers">({
  run({ ids }, { facts, limits }) {
    if (ids.length > limits.pageItems) invalid(`Ask for at most ${limits.pageItems} users at once`);
    const users = ids.map((id) => facts.user(id)).filter((user): user is User => user !== undefined);
    return { case: "userPage", value: { users, more: false } };
  },
});
