/** Many channels: each user is in some of them. @module */
import { range } from "../../seed.ts";
import { runBeside } from "../lab/beside.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { PEER_NAMES, PeerKit, PEERS } from "../lab/peers.ts";
import { peerNames } from "./peers.ts";
import type { Scenario } from "./scenario.ts";

const USERS = [1000];
const ROOMS = 100;
const ROOMS_PER_USER = 3;
const RATE = 1;
const SECONDS = 20;
const WITH_ROOMS = PEER_NAMES.filter((name) => PEERS[name].rooms);

export const rooms: Scenario = {
  summary: "--users over --rooms channels, --each of them for a user; with --peers beside others",
  async *run(options, setting) {
    const count = options.rooms ?? ROOMS;
    // Installed when they are asked for: most runs look at Rookery alone.
    const names = options.peers ? peerNames(options, WITH_ROOMS) : [];
    await using stack = new AsyncDisposableStack();
    const kit = names.length > 0 ? stack.use(await PeerKit.install(names)) : undefined;
    for (const users of options.users ?? USERS) {
      const rooms = membersOf(users, { count, each: options.each ?? ROOMS_PER_USER });
      const start = [
        () => startOwnServer({ users, channels: rooms, wire: options.wire, ...setting.server }),
        ...names.map((name) => () => kit!.start(name, { users, rooms, cores: setting.cores.server })),
      ];
      yield* runBeside(start, (target) => ({
        label: `${users} users in ${count} rooms: ${target.name}`,
        target,
        rate: options.rate ?? RATE,
        seconds: options.seconds ?? SECONDS,
        bytes: options.bytes,
        warmUpSeconds: options.warmUp,
      }), setting);
    }
  },
};

/** By room: the places of its members. Rooms that nobody is in are left out. */
function membersOf(users: number, rooms: { count: number; each: number }): number[][] {
  const { count } = rooms;
  const each = Math.min(rooms.each, count);
  const all = range(count).map((): number[] => []);
  for (const user of range(users)) {
    for (const nth of range(each)) all[(user + nth * Math.ceil(count / each)) % count]!.push(user);
  }
  return all.map((members) => [...new Set(members)]).filter((members) => members.length > 0);
}
