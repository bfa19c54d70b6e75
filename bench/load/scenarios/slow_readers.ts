/** A few connections that read nothing, in a channel where much is said. @module */
import { runChat } from "../lab/chat_run.ts";
import { startOwnServer } from "../lab/own_server.ts";
import type { Row } from "../lab/row.ts";
import type { Scenario } from "./scenario.ts";

const USERS = 1000;
const RATE = 0.05;
const BYTES = 1000;
const SECONDS = 60;
const DEAF_SHARE = 0.01;

export const slowReaders: Scenario = {
  summary: "one per cent of the users reads nothing; what the others notice, and what it costs in memory",
  async *run(options, setting) {
    const users = options.users?.[0] ?? USERS;
    const deaf = Math.max(1, Math.round(users * DEAF_SHARE));
    let without: Row | undefined;
    for (const count of [0, deaf]) {
      await using server = await startOwnServer({ users, wire: options.wire, ...setting.server });
      const row = await runChat({
        label: count === 0 ? "all read" : `${count} read nothing`,
        target: server,
        rate: options.rate ?? RATE,
        seconds: options.seconds ?? SECONDS,
        bytes: options.bytes ?? BYTES,
        warmUpSeconds: options.warmUp,
        deaf: count,
      }, setting);
      without ??= row;
      yield { ...row, extra: { p99_times_without: ratio(row.p99_ms!, without.p99_ms!), ...plateau(row) } };
    }
  },
};

/** Memory at the middle and at the end: the same when it has reached a plateau. */
function plateau({ timeline = [] }: Row): Record<string, number> {
  const during = timeline.filter(({ second }) => second >= 0);
  const middle = during[Math.floor(during.length / 2)]?.rss_mb ?? 0;
  const end = during.at(-1)?.rss_mb ?? 0;
  return { rss_mb_middle: middle, rss_mb_end: end };
}

function ratio(a: number, b: number): number {
  return Math.round(a / b * 100) / 100;
}
