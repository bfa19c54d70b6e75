/** The same load for a long time: does memory, or latency, grow? @module */
import { runChat } from "../lab/chat_run.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { joinServer } from "../lab/remote_server.ts";
import { type Moment, rounded } from "../lab/row.ts";
import type { Scenario } from "./scenario.ts";

const USERS = 500;
const RATE = 0.1;
const SECONDS = 600;
/** Parts of the time that are compared: the second of them with the last. */
const PARTS = 6;

export const soak: Scenario = {
  summary: "500 users for ten minutes (or --seconds): what grows",
  async *run(options, setting) {
    const users = options.users?.[0] ?? USERS;
    await using target = options.url === undefined
      ? await startOwnServer({ users, wire: options.wire, ...setting.server })
      : await joinServer(options.url, { users, wire: options.wire, invite: options.invite });
    const row = await runChat({
      label: `${users} users`,
      target,
      rate: options.rate ?? RATE,
      seconds: options.seconds ?? SECONDS,
      bytes: options.bytes,
      warmUpSeconds: options.warmUp,
    }, setting);
    yield { ...row, extra: growth(row.timeline ?? []) };
  },
};

function growth(timeline: readonly Moment[]): Record<string, number> {
  const during = timeline.filter(({ second }) => second >= 0);
  const size = Math.floor(during.length / PARTS);
  const early = during.slice(size, 2 * size);
  const late = during.slice(-size);
  const mean = (moments: readonly Moment[], of: (moment: Moment) => number) =>
    rounded(moments.reduce((sum, moment) => sum + of(moment), 0) / Math.max(1, moments.length));
  return {
    rss_mb_early: mean(early, ({ rss_mb }) => rss_mb),
    rss_mb_late: mean(late, ({ rss_mb }) => rss_mb),
    p99_ms_early: mean(early, ({ p99_ms }) => p99_ms),
    p99_ms_late: mean(late, ({ p99_ms }) => p99_ms),
  };
}
