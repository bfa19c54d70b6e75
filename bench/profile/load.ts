/** The load that a server is profiled under: the one place that knows the load generator. @module */
import { setTimeout as delay } from "node:timers/promises";
import { TEXT_BYTES } from "../load/lab/chat_run.ts";
import { runJobs } from "../load/lab/generators.ts";
import { type Cores } from "../load/lab/machine.ts";
import type { ChatJob, ChatResult } from "../load/protocol.ts";

/** Code is compiled and optimized in it. */
const WARM_UP_MS = 3000;
/** The load outlasts what is profiled. */
const MARGIN_MS = 500;

export interface Load {
  readonly socketUrl: string;
  /** Users who all are in the channel. */
  readonly tokens: readonly string[];
  readonly channelId: number;
  /** Messages a second of one user. */
  readonly rate: number;
  readonly seconds: number;
  readonly cores: Cores;
  readonly signal: AbortSignal;
}

export interface LoadResult {
  readonly messages: number;
  readonly received: number;
  readonly lost: number;
}

/**
 * Puts a load on a server. Calls `profile` when it is steady, which is to last
 * the given seconds; its signal tells that the load has failed.
 */
export async function putLoad(
  load: Load,
  profile: (signal: AbortSignal) => Promise<void>,
): Promise<LoadResult> {
  const failure = new AbortController();
  const signal = AbortSignal.any([load.signal, failure.signal]);
  let profiled: Promise<void> | undefined;
  const begin = (atMs: number) => {
    profiled = delay(atMs - Date.now() + WARM_UP_MS, undefined, { signal }).then(() => profile(signal));
    // It is awaited below; until then a failure must not count as unhandled.
    profiled.catch((error) => failure.abort(error));
  };
  try {
    const options = { cores: load.cores.generators, observer: { begin }, signal };
    const [result] = await runJobs<ChatResult>([jobOf(load)], options);
    await profiled;
    const { sent, expected, counts } = result!;
    return { messages: sent, received: counts.received, lost: expected - counts.received };
  } catch (error) {
    failure.abort(error);
    await profiled?.catch(() => {});
    load.signal.throwIfAborted();
    throw error;
  }
}

function jobOf({ socketUrl, tokens, channelId, rate, seconds }: Load): ChatJob {
  return {
    kind: "chat",
    dialect: "rookery-proto",
    socketUrl,
    users: tokens.map((token) => ({ token, channelIds: [channelId] })),
    receivers: { [channelId]: tokens.length },
    everyMs: 1000 / rate,
    bytes: TEXT_BYTES,
    warmUpMs: WARM_UP_MS,
    measureMs: seconds * 1000 + MARGIN_MS,
    timed: 0,
    deaf: 0,
  };
}
