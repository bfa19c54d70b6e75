/** All clients lose their connection, miss messages, and come back in the same moment. @module */
import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { range } from "../../seed.ts";
import { newHistogram } from "../generator/timeline.ts";
import { latencyOf, TEXT_BYTES } from "../lab/chat_run.ts";
import { runJobs } from "../lab/generators.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { usageOf } from "../lab/machine.ts";
import { rounded } from "../lab/row.ts";
import type { ResumeJob, ResumeResult } from "../protocol.ts";
import type { Scenario } from "./scenario.ts";

const USERS = 2000;
const MISSED = 100;
/** One channel for all, and small ones. */
const ROOMS = [1, 40];

export const reconnectStorm: Scenario = {
  summary: "2,000 clients are cut off, miss 100 messages each, and all resume at once",
  async *run(options, setting) {
    const users = options.users?.[0] ?? USERS;
    const missed = options.missed ?? MISSED;
    for (const rooms of options.rooms ? [options.rooms] : ROOMS) {
      await using server = await startOwnServer({
        users,
        channels: range(rooms).map((room) => range(users).filter((user) => user % rooms === room)),
        ...setting.server,
      });
      const label = `${users} clients, ${rooms === 1 ? "one channel" : `${rooms} channels`}`;
      setting.progress.show(label, { done: 0.5 });
      const job: ResumeJob = {
        kind: "resume",
        socketUrl: server.socketUrl,
        users: server.users,
        missed,
        bytes: options.bytes ?? TEXT_BYTES,
      };
      const [result] = await runJobs<ResumeResult>([job], { cores: setting.cores.generators });
      setting.progress.clear();
      const { caughtUp, expected, counts, reloads } = result!;
      const histogram = newHistogram();
      if (caughtUp !== "") histogram.add(decodeFromCompressedBase64(caughtUp) as Histogram);
      yield {
        label,
        server: server.name,
        users,
        ...latencyOf(histogram),
        expected,
        received: counts.received,
        lost: Math.max(0, expected - counts.received),
        doubled: counts.doubled,
        reordered: counts.reordered,
        rss_mb: rounded(usageOf(server.pid).residentBytes / 1e6),
        extra: { missed_each: missed, caught_up: histogram.totalCount, reloads },
      };
    }
  },
};
