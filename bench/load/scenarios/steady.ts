/** Everybody in one channel, for as long as wanted. @module */
import { runChat } from "../lab/chat_run.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { joinServer } from "../lab/remote_server.ts";
import type { Scenario } from "./scenario.ts";

const USERS = [1000];
const RATE = 0.1;
const SECONDS = 20;

export const steady: Scenario = {
  summary: "--users in one channel, each saying --rate messages a second, for --seconds",
  async *run(options, setting) {
    for (const users of options.users ?? USERS) {
      await using target = options.url === undefined
        ? await startOwnServer({ users, wire: options.wire, ...setting.server })
        : await joinServer(options.url, { users, wire: options.wire, invite: options.invite });
      yield await runChat({
        label: `${users} users`,
        target,
        rate: options.rate ?? RATE,
        seconds: options.seconds ?? SECONDS,
        bytes: options.bytes,
        warmUpSeconds: options.warmUp,
      }, setting);
    }
  },
};
