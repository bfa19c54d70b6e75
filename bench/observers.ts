/**
 * What metrics and the log cost: two cores that differ by nothing else commit and fan out the same messages in turns.
 * Processor time is compared, because time by the clock is also the disk's and that of everybody else on the machine.
 *
 *     deno task observers [--pairs 40]
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { openCore } from "../src/app/core.ts";
import { type CommandBody, commandOf } from "../src/chat/command.ts";
import type { Chunk, Outlet } from "../src/chat/ports.ts";
import { type Config, loadConfig } from "../src/config.ts";
import { Logger } from "../src/logger.ts";
import { LoopDelay } from "../src/metrics/loop_delay.ts";
import { Metrics } from "../src/metrics/metrics.ts";
import { LOAD_LIMITS } from "./server_process.ts";
import { range, seed } from "./seed.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const SUBSCRIBERS = 200;
const SENDERS = 10;
const TEXT = "A message of a usual length, no more.";
const DEFAULT_PAIRS = 100;
/** As Prometheus does by default. */
const SCRAPE_EVERY_S = 15;
const CALLS = 1_000_000;

interface Kind {
  readonly name: string;
  /** Messages that are under way at a time. */
  readonly batch: number;
  /** Messages of one round. */
  readonly messages: number;
}

/** One at a time, where every observation counts most; and batches, as under load. */
const KINDS: readonly Kind[] = [
  { name: "one message a transaction", batch: 1, messages: 500 },
  { name: "100 messages a transaction", batch: 100, messages: 10_000 },
];

/** A socket that takes everything at once. */
class FastOutlet implements Outlet {
  readonly format = 0;
  readonly ready = true;
  bytes = 0;
  onSent = () => {};

  send(chunk: Chunk): boolean {
    this.bytes += chunk.byteLength;
    this.onSent();
    return true;
  }

  close(): void {}
}

interface Rig {
  /** Sends and delivers one round; resolves to its processor time, microseconds. */
  round(kind: Kind): Promise<number>;
  /** What is called for every transaction; undefined when nobody observes. */
  readonly metrics: Metrics | undefined;
  /** Answers as to GET /metrics. */
  scrape(): void;
}

async function coreOf(cleanup: AsyncDisposableStack, observed: boolean): Promise<Rig> {
  const folder = cleanup.use(await temporaryFolder());
  const members = range(SUBSCRIBERS);
  const { tokens, channelIds } = await seed(folder.path, {
    users: SUBSCRIBERS,
    channels: [{ name: "all", members }],
  });
  const defaults = loadConfig({ args: [], env: () => undefined, readFile: () => "" });
  const limits = { ...defaults.limits, ...LOAD_LIMITS };
  const config: Config = { ...defaults, data: folder.path, limits };
  const loop = observed ? cleanup.use(new LoopDelay()) : undefined;
  const metrics = loop && new Metrics(loop);
  const log = new Logger({ level: "info", write: () => {} });
  const core = cleanup.use(await openCore(config, log, { metrics }));
  const { chat, store, passwords } = core;
  const outlets = tokens.map(() => new FastOutlet());
  const connections = tokens.map((token, at) => {
    const connection = chat.connect(chat.authenticate(token)!, outlets[at]!);
    chat.receive(
      connection,
      [commandOf({ case: "open", value: { epoch: "", cursors: [], away: false } })],
      "",
    );
    return connection;
  });
  const scrape = () =>
    metrics?.render({
      followers: { reports: () => [] },
      version: "bench",
      chat,
      store,
      passwords,
      server: {
        traffic: {
          responses: [],
          upgrades: 0,
          refused: [],
          commandsRefused: [],
          closed: new Map(),
          limited: {},
        },
        sockets: { size: SUBSCRIBERS, unsentBytes: 0 },
        failing: () => [],
      },
      checks: [],
      logins: { refused: 0 },
      log,
      uncaught: { unhandled_rejection: 0, uncaught_error: 0 },
    });
  const value = { channelId: channelIds[0]!, text: TEXT, replyTo: 0 };
  const send = (at: number) => {
    const body = { case: "sendMessage", value } as CommandBody;
    chat.receive(connections[at % SENDERS]!, [commandOf(body)], "");
  };
  const round = async ({ batch, messages }: Kind) => {
    const before = chat.stats().events;
    const { user, system } = process.cpuUsage();
    for (let sent = 0; sent < messages; sent += batch) {
      // Whoever came last is served last.
      const delivered = new Promise<void>((resolve) =>
        outlets.at(-1)!.onSent = () => chat.stats().events < before + sent + batch || resolve()
      );
      for (let at = 0; at < batch; at++) send(sent + at);
      await delivered;
    }
    const used = process.cpuUsage();
    return used.user + used.system - user - system;
  };
  return { round, metrics, scrape };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** Ratios of rounds that stood side by side: with over without. */
async function compare(kind: Kind, pairs: number, plain: Rig, observed: Rig): Promise<number[]> {
  const ratios: number[] = [];
  for (let at = -1; at < pairs; at++) {
    // Each is first in every other pair, so that what comes second has no advantage.
    const [first, second] = at % 2 === 0 ? [plain, observed] : [observed, plain];
    const times = [await first.round(kind), await second.round(kind)];
    const [without, withThem] = first === plain ? times : times.toReversed();
    // The first pair warms up.
    if (at >= 0) ratios.push(withThem! / without!);
  }
  return ratios.sort((a, b) => a - b);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { pairs: { type: "string", default: String(DEFAULT_PAIRS) } } });
  const pairs = Number(values.pairs);
  await using cleanup = new AsyncDisposableStack();
  const plain = await coreOf(cleanup, false);
  const alike = await coreOf(cleanup, false);
  const observed = await coreOf(cleanup, true);
  console.log(`${SUBSCRIBERS} subscribers, ${pairs} pairs of rounds; processor time with / without:`);
  console.log("median (quartiles; 95 % interval of the median)\n");
  for (const kind of KINDS) {
    for (const [what, other] of [["observers", observed], ["none, to see the noise", alike]] as const) {
      console.log(`${kind.name}, ${what}: ${shown(await compare(kind, pairs, plain, other))}`);
    }
    const us = await plain.round(kind) / (kind.messages / kind.batch);
    console.log(`${kind.name}: ${us.toFixed(0)} µs`);
  }
  const { metrics, scrape } = observed;
  const observation = cost(CALLS, (at) => metrics!.committed(at % 100, at % 7));
  console.log(`\nobserving one transaction: ${(observation * 1000).toFixed(0)} ns`);
  const asked = cost(100, scrape);
  const share = asked / (SCRAPE_EVERY_S * 1_000_000) * 100;
  console.log(
    `one scrape: ${asked.toFixed(0)} µs; every ${SCRAPE_EVERY_S} s: ${share.toFixed(4)} % of a core`,
  );
}

function shown(ratios: readonly number[]): string {
  const half = 0.98 / Math.sqrt(ratios.length);
  const [median, ...others] = [0.5, 0.25, 0.75, 0.5 - half, 0.5 + half]
    .map((share) => quantile(ratios, share).toFixed(4));
  return `${median} (${others[0]} to ${others[1]}; ${others[2]} to ${others[3]})`;
}

/** Microseconds of one call. */
function cost(calls: number, call: (at: number) => void): number {
  for (let at = 0; at < calls / 10; at++) call(at);
  const startMs = performance.now();
  for (let at = 0; at < calls; at++) call(at);
  return (performance.now() - startMs) * 1000 / calls;
}

if (import.meta.main) await main();
