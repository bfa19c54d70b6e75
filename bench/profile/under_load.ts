/** A server with users that talk, for as long as it is profiled. @module */
import type { Progress } from "../../tools/demo/progress.ts";
import { dealCores } from "../load/lab/machine.ts";
import { range, seed } from "../seed.ts";
import { startServer } from "../server_process.ts";
import { temporaryFolder } from "../temporary_folder.ts";
import type { CallNode } from "./call_tree.ts";
import { type LoadResult, putLoad } from "./load.ts";
import type { ProfileOptions } from "./options.ts";

export interface Thread {
  /** "main", or the name of a worker's module. */
  readonly name: string;
  /** What took time or memory; without idle time. */
  readonly tree: CallNode;
  /** Processor time in microseconds, where the system tells it. */
  readonly processor?: number | undefined;
  /** For Chrome DevTools. */
  readonly raw: unknown;
}

export interface Recording {
  readonly seconds: number;
  readonly load: LoadResult;
  /** The main one first. */
  readonly threads: readonly Thread[];
}

export interface Surroundings {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Server {
  readonly pid: number;
  readonly folder: string;
}

/** Starts the server, loads it and, when all is steady, lets `watch` profile it. */
export async function underLoad(
  { users, rate, seconds }: ProfileOptions,
  { progress, signal, denoFlags }: Surroundings & { denoFlags: readonly string[] },
  watch: (server: Server, signal: AbortSignal) => Promise<void>,
): Promise<LoadResult> {
  await using folder = await temporaryFolder();
  progress.say(`Making ${users} users`);
  const channels = [{ name: "all", members: range(users) }];
  const { tokens, channelIds } = await seed(folder.path, { users, channels });
  signal.throwIfAborted();
  const cores = dealCores(true);
  await using server = await startServer({ folder: folder.path, cores: cores.server, denoFlags });
  progress.say(`Server on ${server.url}${cores.server === undefined ? "" : `, core ${cores.server}`}`);
  progress.watch(() => "Connecting and warming up");
  const load = {
    socketUrl: server.socketUrl,
    tokens,
    channelId: channelIds[0]!,
    rate,
    seconds,
    cores,
    signal,
  };
  const result = await putLoad(load, async (ended) => {
    const startS = progress.seconds;
    progress.watch(() => `Profiling: ${(progress.seconds - startS).toFixed(0)} of ${seconds} s`);
    await watch({ pid: server.pid, folder: folder.path }, ended);
    progress.watch(() => "Waiting for the end of the load");
  });
  progress.watch(() => "Stopping the server, which writes its profile");
  return result;
}
