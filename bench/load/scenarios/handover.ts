/** A second process takes the server's place while everybody goes on writing. @module */
import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { range } from "../../seed.ts";
import { type ServerProcess, startServer } from "../../server_process.ts";
import { delay } from "../generator/clock.ts";
import { newHistogram } from "../generator/timeline.ts";
import { latencyOf, TEXT_BYTES } from "../lab/chat_run.ts";
import { runJobs } from "../lab/generators.ts";
import { usageOf } from "../lab/machine.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { rounded, type Row } from "../lab/row.ts";
import type { Setting } from "../lab/setting.ts";
import type { Options } from "../options.ts";
import type { HandoverJob, HandoverResult } from "../protocol.ts";
import type { Scenario } from "./scenario.ts";

const USERS = 1000;
/** Members of a channel. */
const MEMBERS = 20;
/** Messages a second of one user. */
const RATE = 0.2;
const SECONDS = 20;
/** When the second process is started, as a share of the time. */
const SHARE = 0.4;

export const handover: Scenario = {
  summary: "another process takes the server's place while 1,000 clients go on writing",
  async *run(options, setting) {
    for (const users of options.users ?? [USERS]) yield await measure(users, options, setting);
  },
};

async function measure(users: number, options: Options, setting: Setting): Promise<Row> {
  const seconds = options.seconds ?? SECONDS;
  const rooms = options.rooms ?? Math.max(1, Math.round(users / MEMBERS));
  await using server = await startOwnServer({
    users,
    channels: range(rooms).map((room) => range(users).filter((user) => user % rooms === room)),
    ...setting.server,
  });
  const label = `${users.toLocaleString("en")} clients`;
  const job: HandoverJob = {
    kind: "handover",
    url: server.url,
    users: server.users,
    everyMs: 1000 / (options.rate ?? RATE),
    bytes: options.bytes ?? TEXT_BYTES,
    measureMs: seconds * 1000,
  };
  await using cleanup = new AsyncDisposableStack();
  let successor: Promise<ServerProcess> | undefined;
  const [result] = await runJobs<HandoverResult>([job], {
    cores: setting.cores.generators,
    observer: {
      begin(atMs) {
        setting.progress.show(label, { done: 0.5 });
        successor = delay(atMs + seconds * 1000 * SHARE - Date.now())
          .then(() => startServer({ folder: server.folder, ...setting.server, args: ["--takeover"] }))
          .then((process) => cleanup.use(process));
        successor.catch(() => {});
      },
    },
  });
  setting.progress.clear();
  const { pid, startMs } = await successor!;
  const exit = await server.ended;
  return {
    ...rowOf(result!, { label, users }),
    rss_mb: rounded(usageOf(pid).residentBytes / 1e6),
    extra: {
      ...extraOf(result!),
      successor_start_ms: Math.round(startMs),
      old_exit_code: exit,
    },
  };
}

/** Latencies are those of the messages that were sent during the handover. */
function rowOf(result: HandoverResult, { label, users }: { label: string; users: number }): Row {
  return {
    label,
    server: "Rookery",
    users,
    ...latencyOf(histogramOf(result.during)),
    sent: result.sent,
    lost: result.lost + result.holes,
    doubled: result.doubled,
    reordered: result.reordered,
    reloads: result.reloads,
    generator_late_p99_ms: latencyOf(histogramOf(result.late)).p99_ms,
  };
}

function extraOf(result: HandoverResult): NonNullable<Row["extra"]> {
  const { knocks } = result;
  return {
    acknowledged: result.acknowledged,
    calm_p99_ms: latencyOf(histogramOf(result.calm)).p99_ms,
    calm_max_ms: latencyOf(histogramOf(result.calm)).max_ms,
    reconnects: result.handedOver,
    dials_failed: result.unreached,
    offline_p50_ms: rounded(result.offlineP50Ms),
    offline_max_ms: rounded(result.offlineMaxMs),
    all_back_ms: rounded(result.allBackMs),
    knocks: knocks.answered,
    knocks_refused: knocks.refused,
    knocks_cut: knocks.cut,
    knock_max_ms: rounded(knocks.slowestMs),
  };
}

function histogramOf(encoded: string): Histogram {
  return encoded === "" ? newHistogram() : decodeFromCompressedBase64(encoded) as Histogram;
}
