/** Measures with many connections. @module */
import type { BroadcastResult } from "../load/broadcast.ts";
import type { DurableResult } from "../load/durable.ts";
import { rounded } from "../load/histogram.ts";
import { range, seed } from "../seed.ts";
import { startServer } from "../server_process.ts";
import { CORES, cpuSeconds, generate, residentBytes, startGenerator, temporaryFolder } from "./processes.ts";

const WARM_UP_MS = 6000;
const USERS = 1000;
const EVERY_MS = 10_000;
const CONNECTIONS = 100;
const PER_SECOND = 20_000;
const IDLE = 2000;
/** Given to profilers: flags for the server's deno. */
const DENO_FLAGS = (Deno.env.get("ROOKERY_MEASURE_FLAGS") ?? "").split(" ").filter((flag) => flag !== "");

/** (a) The whole of a large channel hears everything that anybody says. */
export async function measureBroadcast(measureMs: number): Promise<unknown> {
  await using folder = await temporaryFolder();
  const members = range(USERS);
  const { tokens, channelIds } = await seed(folder.path, {
    users: USERS,
    channels: [{ name: "all", members }],
  });
  await using server = await startServer({
    folder: folder.path,
    core: CORES.server,
    denoFlags: DENO_FLAGS,
  });
  const beforeS = cpuSeconds(server.pid);
  const beforeMs = performance.now();
  const result = await generate<BroadcastResult>(folder.path, {
    kind: "broadcast",
    socketUrl: server.socketUrl,
    tokens,
    channelId: channelIds[0]!,
    everyMs: EVERY_MS,
    warmUpMs: WARM_UP_MS,
    measureMs,
  });
  return {
    ...result,
    deliveriesPerSecond: Math.round(result.received / (measureMs / 1000)),
    serverCpuShare: share(server.pid, { beforeS, beforeMs }),
  };
}

/** (b) Everything acknowledged is on the disk. */
export async function measureDurable(measureMs: number): Promise<unknown> {
  const results: Record<string, unknown> = {};
  for (const [name, perSecond] of [["offered", PER_SECOND], ["most", 0]] as const) {
    await using folder = await temporaryFolder();
    const { tokens, channelIds } = await seed(folder.path, {
      users: CONNECTIONS,
      channels: range(CONNECTIONS).map((at) => ({ name: `channel${at}`, members: [at] })),
    });
    await using server = await startServer({
      folder: folder.path,
      core: CORES.server,
      denoFlags: DENO_FLAGS,
    });
    const beforeS = cpuSeconds(server.pid);
    const beforeMs = performance.now();
    const result = await generate<DurableResult>(folder.path, {
      kind: "durable",
      socketUrl: server.socketUrl,
      tokens,
      channelIds,
      perSecond,
      warmUpMs: WARM_UP_MS / 2,
      measureMs,
    });
    results[name] = { ...result, serverCpuShare: share(server.pid, { beforeS, beforeMs }) };
  }
  return results;
}

/** (e) Connections that have opened and are silent. */
export async function measureIdle(): Promise<unknown> {
  await using folder = await temporaryFolder();
  const { tokens } = await seed(folder.path, {
    users: IDLE,
    channels: range(IDLE / 20).map((at) => ({
      name: `channel${at}`,
      members: range(20).map((member) => at * 20 + member),
    })),
  });
  await using server = await startServer({ folder: folder.path, core: CORES.server });
  const before = residentBytes(server.pid);
  const generator = startGenerator(folder.path, { kind: "idle", socketUrl: server.socketUrl, tokens });
  await generator.next();
  const after = residentBytes(server.pid);
  await generator.finish();
  return {
    connections: IDLE,
    emptyMegabytes: rounded(before / 1e6),
    fullMegabytes: rounded(after / 1e6),
    kilobytesPerConnection: rounded((after - before) / IDLE / 1000),
  };
}

/** Share of one core that the server used since then. */
function share(pid: number, { beforeS, beforeMs }: { beforeS: number; beforeMs: number }): number {
  return rounded((cpuSeconds(pid) - beforeS) / ((performance.now() - beforeMs) / 1000));
}
