/** The same generator and rows against others: raw relays, which store nothing, and a server in Python that does. @module */
import { OptionError } from "../../../tools/options.ts";
import { range } from "../../seed.ts";
import { runBeside } from "../lab/beside.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { PEER_NAMES, PeerKit, type PeerName } from "../lab/peers.ts";
import type { Options } from "../options.ts";
import type { Scenario } from "./scenario.ts";

const USERS = [425, 1000, 5000];
/** Above so many users these collapse, and only tell how patient one is. */
const MOST: Partial<Record<PeerName, number>> = { python: 1000, deno: 2000, node: 2000, "socket.io": 1000 };
const RATE = 0.1;
const SECONDS = 20;

export const peers: Scenario = {
  summary: "the same load on Rookery, a server in Python, and raw relays: Bun, Deno, ws on Node, Socket.IO",
  async *run(options, setting) {
    const names = peerNames(options, PEER_NAMES);
    setting.progress.show("peers", { done: 0.5, note: "installing" });
    await using kit = await PeerKit.install(names);
    setting.progress.clear();
    for (const users of options.users ?? USERS) {
      const start = [
        () => startOwnServer({ users, wire: options.wire, ...setting.server }),
        ...names.filter((name) => options.peers || users <= (MOST[name] ?? Infinity))
          .map((name) => () =>
            kit.start(name, { users, rooms: [range(users)], cores: setting.cores.server })
          ),
      ];
      yield* runBeside(start, (target) => ({
        label: `${users} users: ${target.name}`,
        target,
        rate: options.rate ?? RATE,
        seconds: options.seconds ?? SECONDS,
        bytes: options.bytes,
        warmUpSeconds: options.warmUp,
      }), setting);
    }
  },
};

/** Those that were asked for, or all that can be. Throws OptionError for others. */
export function peerNames({ peers }: Options, known: readonly PeerName[]): readonly PeerName[] {
  const unknown = peers?.find((name) => !known.includes(name as PeerName));
  if (unknown !== undefined) throw new OptionError(`--peers takes some of ${known.join()}, not '${unknown}'`);
  return (peers as PeerName[] | undefined) ?? known;
}
