/** The same generator and rows against raw relays: no login there, and nothing stored. @module */
import { OptionError } from "../../../tools/options.ts";
import { runChat } from "../lab/chat_run.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { PeerKit, type PeerName, PEERS } from "../lab/peers.ts";
import type { Options } from "../options.ts";
import type { Scenario } from "./scenario.ts";

const USERS = [425, 1000, 5000];
/** Above so many users these collapse, and only tell how patient one is. */
const MOST: Partial<Record<PeerName, number>> = { node: 2000, "socket.io": 1000 };
const RATE = 0.1;
const SECONDS = 20;

export const peers: Scenario = {
  summary: "the same load on Rookery and on raw relays: Bun, ws on Node, Socket.IO",
  async *run(options, setting) {
    const names = peerNames(options);
    setting.progress.show("relays", { done: 0.5, note: "installing" });
    await using kit = await PeerKit.install();
    setting.progress.clear();
    for (const users of options.users ?? USERS) {
      const start = [
        () => startOwnServer({ users, wire: options.wire, ...setting.server }),
        ...names.filter((name) => options.peers || users <= (MOST[name] ?? Infinity))
          .map((name) => () => kit.start(name, { users, cores: setting.cores.server })),
      ];
      for (const startOne of start) {
        await using target = await startOne();
        if (!target) continue;
        yield await runChat({
          label: `${users} users: ${target.name}`,
          target,
          rate: options.rate ?? RATE,
          seconds: options.seconds ?? SECONDS,
          bytes: options.bytes,
          warmUpSeconds: options.warmUp,
        }, setting);
      }
    }
  },
};

function peerNames({ peers }: Options): PeerName[] {
  const known = Object.keys(PEERS) as PeerName[];
  const unknown = peers?.find((name) => !known.includes(name as PeerName));
  if (unknown !== undefined) throw new OptionError(`--peers takes some of ${known.join()}, not '${unknown}'`);
  return (peers as PeerName[] | undefined) ?? known;
}
