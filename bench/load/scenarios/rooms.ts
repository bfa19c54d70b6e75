/** Many channels: each user is in three of them. @module */
import { range } from "../../seed.ts";
import { runChat } from "../lab/chat_run.ts";
import { startOwnServer } from "../lab/own_server.ts";
import type { Scenario } from "./scenario.ts";

const USERS = [1000];
const ROOMS = 100;
const ROOMS_PER_USER = 3;
const RATE = 1;
const SECONDS = 20;

export const rooms: Scenario = {
  summary: "--users over --rooms channels, three for each user",
  async *run(options, setting) {
    const count = options.rooms ?? ROOMS;
    for (const users of options.users ?? USERS) {
      await using server = await startOwnServer({
        users,
        channels: membersOf(users, count),
        wire: options.wire,
        ...setting.server,
      });
      yield await runChat({
        label: `${users} users in ${count} rooms`,
        target: server,
        rate: options.rate ?? RATE,
        seconds: options.seconds ?? SECONDS,
        bytes: options.bytes,
        warmUpSeconds: options.warmUp,
      }, setting);
    }
  },
};

/** By room: the places of its members. Rooms that nobody is in are left out. */
function membersOf(users: number, count: number): number[][] {
  const each = Math.min(ROOMS_PER_USER, count);
  const all = range(count).map((): number[] => []);
  for (const user of range(users)) {
    for (const nth of range(each)) all[(user + nth * Math.ceil(count / each)) % count]!.push(user);
  }
  return all.map((members) => [...new Set(members)]).filter((members) => members.length > 0);
}
