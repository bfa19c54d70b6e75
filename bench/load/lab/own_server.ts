/** A Rookery of the laboratory's own, in a temporary folder. @module */
import type { Limits } from "../../../src/chat/limits.ts";
import type { DialectName } from "../generator/dialects.ts";
import { range, seed } from "../../seed.ts";
import { LOAD_LIMITS, startServer } from "../../server_process.ts";
import { temporaryFolder } from "../../temporary_folder.ts";
import type { LoadUser } from "../protocol.ts";
import type { Target } from "./target.ts";

export interface OwnServerOptions {
  readonly users: number;
  /** Channels with the places of their members; one with everybody in it when absent. */
  readonly channels?: readonly (readonly number[])[];
  /** Messages that are there before, spread over the channels. */
  readonly messages?: number;
  readonly wire?: "proto" | "json";
  readonly cores: string | undefined;
  /** Hash that all users' passwords have; without it nobody can sign in. */
  readonly passwordHash?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Limits of the server; those that a load generator needs lifted when absent. */
  readonly limits?: Partial<Limits>;
  readonly denoFlags?: readonly string[];
}

export interface OwnServer extends Target {
  readonly url: string;
  readonly folder: string;
  /** Ids of the users, in their order. */
  readonly userIds: readonly number[];
  readonly pid: number;
  /** Stops the server; its folder stays until it is disposed of. */
  stop(): Promise<void>;
  /** Its exit code, when it has ended by itself or otherwise. */
  readonly ended: Promise<number>;
}

export async function startOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  const { users, channels = [range(users)], wire = "proto", cores } = options;
  await using cleanup = new AsyncDisposableStack();
  const { path: folder } = cleanup.use(await temporaryFolder());
  const { userIds, tokens, channelIds } = await seed(folder, {
    users,
    channels: channels.map((members, at) => ({ name: `channel${at}`, members })),
    messages: options.messages ?? 0,
    ...(options.passwordHash === undefined ? {} : { passwordHash: options.passwordHash }),
  });
  const server = await startServer({
    folder,
    cores,
    config: { "metrics-port": 0, ...options.config },
    denoFlags: options.denoFlags ?? [],
    limits: options.limits ?? LOAD_LIMITS,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => stopped ??= Promise.resolve(server[Symbol.asyncDispose]());
  cleanup.defer(stop);
  const channelsOf = range(users).map((): number[] => []);
  for (const [at, members] of channels.entries()) {
    for (const member of members) channelsOf[member]!.push(channelIds[at]!);
  }
  const loadUsers: LoadUser[] = tokens.map((token, at) => ({ token, channelIds: channelsOf[at]! }));
  const dialect: DialectName = wire === "json" ? "rookery-json" : "rookery-proto";
  const owned = cleanup.move();
  return {
    name: "Rookery",
    dialect,
    folder,
    userIds,
    url: server.url,
    socketUrl: server.socketUrl,
    pid: server.pid,
    stop,
    ended: server.ended,
    batches: () => batchesOf(server.metricsUrl!),
    users: loadUsers,
    receivers: Object.fromEntries(channels.map((members, at) => [channelIds[at]!, members.length])),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Batches so far by their greatest size, of the server's own histogram. */
async function batchesOf(metricsUrl: string): Promise<Map<number, number>> {
  const text = await (await fetch(metricsUrl)).text();
  const batches = new Map<number, number>();
  let smaller = 0;
  for (const [, bound, total] of text.matchAll(/^rookery_batch_commands_bucket\{le="([^"]+)"\} (\d+)/gm)) {
    batches.set(bound === "+Inf" ? Infinity : Number(bound), Number(total) - smaller);
    smaller = Number(total);
  }
  return batches;
}
