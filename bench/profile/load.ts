/** The load that a server is profiled under: the one place that knows the load generator. @module */
import { setTimeout as delay } from "node:timers/promises";
import type { BroadcastResult } from "../load/broadcast.ts";
import { startGenerator } from "../measures/processes.ts";

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
  folder: string,
  load: Load,
  profile: (signal: AbortSignal) => Promise<void>,
): Promise<LoadResult> {
  const { socketUrl, tokens, channelId, rate, seconds } = load;
  const generator = startGenerator(folder, {
    kind: "broadcast",
    socketUrl,
    tokens,
    channelId,
    everyMs: 1000 / rate,
    warmUpMs: WARM_UP_MS,
    measureMs: seconds * 1000 + MARGIN_MS,
  });
  const stop = () => Deno.kill(generator.pid);
  load.signal.addEventListener("abort", stop);
  const failure = new AbortController();
  const signal = AbortSignal.any([load.signal, failure.signal]);
  try {
    const profiled = firstMessage(socketUrl, tokens[0]!)
      .then(() => delay(WARM_UP_MS, undefined, { signal }))
      .then(() => profile(signal));
    const [{ messages, received, lost }] = await Promise.all([
      generator.next<BroadcastResult>(),
      profiled,
    ]);
    return { messages, received, lost };
  } catch (error) {
    failure.abort(error);
    load.signal.throwIfAborted();
    throw error;
  } finally {
    load.signal.removeEventListener("abort", stop);
    await generator.finish();
  }
}

/**
 * Waits for a message, with which the load has begun: all users are connected.
 * Whoever waits leaves then, and is no part of what is profiled.
 */
function firstMessage(socketUrl: string, token: string): Promise<void> {
  const socket = new WebSocket(socketUrl, ["rookery.v1.json", `bearer.${token}`]);
  return new Promise<void>((resolve, reject) => {
    socket.onopen = () => socket.send('{"commands":[{"id":1,"open":{}}]}');
    socket.onclose = () => reject(new Error("The server closed the connection that waits for the load"));
    socket.onmessage = ({ data }) => {
      if (!String(data).includes('"messageSent"')) return;
      resolve();
      socket.close();
    };
  });
}
