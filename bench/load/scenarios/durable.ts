/** Messages that are acknowledged when they are on the disk, from many connections at once. @module */
import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { range } from "../../seed.ts";
import { newHistogram } from "../generator/timeline.ts";
import { latencyOf, TEXT_BYTES } from "../lab/chat_run.ts";
import { runJobs } from "../lab/generators.ts";
import { usageOf } from "../lab/machine.ts";
import { startOwnServer } from "../lab/own_server.ts";
import { rounded, type Row } from "../lab/row.ts";
import type { Setting } from "../lab/setting.ts";
import type { Options } from "../options.ts";
import type { DurableJob, DurableResult } from "../protocol.ts";
import type { Scenario } from "./scenario.ts";

const ROOMS = 100;
const SECONDS = 15;
const WARM_UP_MS = 4000;
/** Messages a second in all; 0 as fast as answers come. */
const OFFERS = [20_000, 0];

export const durable: Scenario = {
  summary: "100 connections into 100 channels: acknowledged messages a second, all on the disk",
  async *run(options, setting) {
    for (const perSecond of OFFERS) yield await measure(perSecond, options, setting);
  },
};

async function measure(perSecond: number, options: Options, setting: Setting): Promise<Row> {
  const rooms = options.rooms ?? ROOMS;
  const seconds = options.seconds ?? SECONDS;
  await using server = await startOwnServer({
    users: rooms,
    channels: range(rooms).map((at) => [at]),
    ...setting.server,
  });
  const label = perSecond > 0 ? `${perSecond.toLocaleString("en")}/s offered` : "as many as go";
  const latency = newHistogram();
  const job: DurableJob = {
    kind: "durable",
    socketUrl: server.socketUrl,
    users: server.users,
    perSecond,
    bytes: options.bytes ?? TEXT_BYTES,
    warmUpMs: WARM_UP_MS,
    measureMs: seconds * 1000,
  };
  let cpu = 0;
  let beforeMs = 0;
  const [result] = await runJobs<DurableResult>([job], {
    cores: setting.cores.generators,
    observer: {
      begin() {
        cpu = usageOf(server.pid).cpuSeconds;
        beforeMs = performance.now();
      },
      sample({ second, latency: encoded }) {
        if (encoded !== "") latency.add(decodeFromCompressedBase64(encoded) as Histogram);
        setting.progress.show(label, { done: second / seconds });
      },
    },
  });
  const passed = (performance.now() - beforeMs) / 1000;
  setting.progress.clear();
  const { sent, acknowledged, refused, perSecond: stored } = result!;
  return {
    label,
    server: server.name,
    users: rooms,
    ...latencyOf(latency),
    sent,
    lost: sent - acknowledged - refused,
    doubled: 0,
    reordered: 0,
    server_cpu: rounded((usageOf(server.pid).cpuSeconds - cpu) / passed),
    rss_mb: rounded(usageOf(server.pid).residentBytes / 1e6),
    extra: { acknowledged_per_s: Math.round(stored), refused },
  };
}
