/** Everybody signs in at once, and then over half a minute, while others chat. @module */
import { runChat } from "../lab/chat_run.ts";
import { startOwnServer } from "../lab/own_server.ts";
import type { Row } from "../lab/row.ts";
import { hashOf, SignIns } from "../lab/sign_ins.ts";
import type { Scenario } from "./scenario.ts";

const USERS = 425;
const RATE = 0.1;
/** One core hashes about four passwords of cost 12 a second. */
const SECONDS = 130;
const CALM_SECONDS = 20;
const SPREAD_MS = 30_000;

export const loginStorm: Scenario = {
  summary: "425 sign-ins at once, and over 30 s, while 425 others chat",
  async *run(options, setting) {
    const users = options.users?.[0] ?? USERS;
    const passwordHash = await hashOf(options.cost);
    const phases = [
      { label: "no sign-ins", spreadMs: undefined },
      { label: `${users} at once`, spreadMs: 0 },
      { label: `${users} over ${SPREAD_MS / 1000} s`, spreadMs: SPREAD_MS },
    ];
    let calm: Row | undefined;
    for (const { label, spreadMs } of phases) {
      await using server = await startOwnServer({
        users,
        ...setting.server,
        wire: options.wire,
        passwordHash,
        config: { "bcrypt-cost": options.cost },
      });
      const signIns = new SignIns(server.url);
      const row = await runChat({
        label,
        target: server,
        rate: options.rate ?? RATE,
        seconds: spreadMs === undefined ? CALM_SECONDS : options.seconds ?? SECONDS,
        bytes: options.bytes,
        warmUpSeconds: options.warmUp,
        ...(spreadMs === undefined ? {} : { during: () => signIns.all(users, spreadMs) }),
      }, setting);
      calm ??= row;
      yield {
        ...row,
        extra: {
          sign_ins: signIns.done,
          told_to_wait: signIns.delayed,
          longest_sign_in_s: Math.round(signIns.longestMs / 1000),
          p99_times_calm: Math.round(row.p99_ms! / calm.p99_ms! * 100) / 100,
        },
      };
    }
  },
};
