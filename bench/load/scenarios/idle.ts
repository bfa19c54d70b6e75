/** Memory of connections that are open and silent. @module */
import { range } from "../../seed.ts";
import { runJobs } from "../lab/generators.ts";
import { usageOf } from "../lab/machine.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { rounded, type Row } from "../lab/row.ts";
import type { IdleJob } from "../protocol.ts";
import type { Scenario } from "./scenario.ts";

const USERS = [15_000];
const CHANNEL_MEMBERS = 20;

export const idle: Scenario = {
  summary: "15,000 connections that are open and silent: memory of each",
  async *run(options, setting) {
    for (const users of options.users ?? USERS) {
      await using server = await startOwnServer({
        users,
        channels: range(Math.ceil(users / CHANNEL_MEMBERS)).map((at) =>
          range(CHANNEL_MEMBERS).map((member) => at * CHANNEL_MEMBERS + member).filter((at) => at < users)
        ),
        ...setting.server,
      });
      const empty = usageOf(server.pid).residentBytes;
      setting.progress.show(`${users} connections`, { done: 0.5, note: "connecting" });
      const job: IdleJob = { kind: "idle", socketUrl: server.socketUrl, users: server.users };
      let full = 0;
      const [result] = await runJobs<{ connections: number; cutOff: number }>([job], {
        cores: setting.cores.generators,
        observer: { begin: () => full = usageOf(server.pid).residentBytes },
      });
      setting.progress.clear();
      const row: Row = {
        label: `${users} connections`,
        server: server.name,
        users,
        cut_off: result!.cutOff,
        rss_mb: rounded(full / 1e6),
        extra: {
          empty_mb: rounded(empty / 1e6),
          kb_per_connection: rounded((full - empty) / users / 1000),
        },
      };
      yield row;
    }
  },
};
