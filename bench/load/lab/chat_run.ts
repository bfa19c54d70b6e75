/** One load of chatting users on one server, from the first connection to the row of numbers. @module */
import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { newHistogram } from "../generator/timeline.ts";
import type { ChatJob, ChatResult, Sample } from "../protocol.ts";
import { deal, runJobs } from "./generators.ts";
import { usageOf } from "./machine.ts";
import { type Latency, type Moment, rounded, type Row } from "./row.ts";
import type { Setting } from "./setting.ts";
import type { Target } from "./target.ts";

export interface ChatLoad {
  readonly label: string;
  readonly target: Target;
  /** Messages a second of one user. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmUpSeconds?: number | undefined;
  /** Bytes of a text. */
  readonly bytes?: number | undefined;
  /** Users at the end that read nothing; they are not counted. */
  readonly deaf?: number;
  /** Whether the generators leave their cores to others between their turns. */
  readonly sleeps?: boolean;
  /** Called when the measured time begins; what it returns is awaited before the row is made. */
  during?(): Promise<void>;
}

/** Up to so many deliveries a second everybody's latency is taken; above, that of some users spread among all. */
const ALL_TIMED_PER_SECOND = 20_000;
const TIMED_USERS = 100;
const WARM_UP_SECONDS = 6;
/** Bytes of a text where a scenario does not say. */
export const TEXT_BYTES = 40;

export async function runChat(load: ChatLoad, setting: Setting): Promise<Row> {
  const { target, rate, seconds, bytes = TEXT_BYTES, deaf = 0, warmUpSeconds = WARM_UP_SECONDS } = load;
  const { users } = target;
  const receivers = hearing(target, deaf);
  const offered = offeredPerSecond(load, receivers);
  const listening = users.length - deaf;
  const job: ChatJob = {
    kind: "chat",
    dialect: target.dialect,
    socketUrl: target.socketUrl,
    users,
    receivers,
    everyMs: rate > 0 ? 1000 / rate : 0,
    bytes,
    warmUpMs: warmUpSeconds * 1000,
    measureMs: seconds * 1000,
    timed: offered <= ALL_TIMED_PER_SECOND ? listening : Math.min(listening, TIMED_USERS),
    deaf,
    sleeps: load.sleeps ?? false,
  };
  const watch = new Watch(load, { warmUpSeconds, setting });
  const batchesBefore = target.batches?.();
  try {
    const jobs = deal(job, setting.processes);
    const results = await runJobs<ChatResult>(jobs, {
      cores: setting.cores.generators,
      observer: watch,
      patienceMs: setting.patienceMs,
    });
    await watch.during;
    const row = watch.row(results);
    return {
      ...row,
      offered_per_s: Math.round(offered),
      ...(batchesBefore ? { batches: difference(await batchesBefore, await target.batches!()) } : {}),
    };
  } finally {
    watch.close();
  }
}

/** Receivers of each channel without those who read nothing. */
function hearing(target: Target, deaf: number): Record<number, number> {
  const receivers = { ...target.receivers };
  for (const { channelIds } of target.users.slice(target.users.length - deaf)) {
    for (const channelId of channelIds) receivers[channelId]! -= 1;
  }
  return receivers;
}

function offeredPerSecond({ target, rate }: ChatLoad, receivers: Readonly<Record<number, number>>): number {
  return target.users.reduce((sum, { channelIds }) => {
    const each = channelIds.reduce((all, channelId) => all + receivers[channelId]!, 0) / channelIds.length;
    return sum + rate * each;
  }, 0);
}

/** Follows a running load: samples of the generators, and the server's process. */
class Watch {
  readonly #load: ChatLoad;
  readonly #setting: Setting;
  readonly #warmUpSeconds: number;
  readonly #latency = newHistogram();
  readonly #seconds = new Map<number, { latency: Histogram; busy: number[]; deliveries: number }>();
  readonly #usage = new Map<number, { cpuSeconds: number; residentBytes: number }>();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  during: Promise<void> | undefined;

  constructor(load: ChatLoad, { warmUpSeconds, setting }: { warmUpSeconds: number; setting: Setting }) {
    this.#load = load;
    this.#warmUpSeconds = warmUpSeconds;
    this.#setting = setting;
  }

  begin(atMs: number): void {
    const { seconds, target } = this.#load;
    const measureFromMs = atMs + this.#warmUpSeconds * 1000;
    for (let second = -this.#warmUpSeconds; second <= seconds; second++) {
      this.#at(measureFromMs + second * 1000, () => {
        if (target.pid !== undefined) this.#usage.set(second, usageOf(target.pid));
        if (second === 0) this.during = this.#load.during?.();
        this.#setting.progress.show(this.#load.label, {
          done: (second + this.#warmUpSeconds) / (seconds + this.#warmUpSeconds),
          note: this.#note(second),
        });
      });
    }
  }

  sample({ second, latency, busy }: Sample): void {
    let entry = this.#seconds.get(second);
    if (!entry) this.#seconds.set(second, entry = { latency: newHistogram(), busy: [], deliveries: 0 });
    entry.busy.push(busy);
    if (latency === "") return;
    const histogram = decodeFromCompressedBase64(latency) as Histogram;
    entry.latency.add(histogram);
    this.#latency.add(histogram);
  }

  row(results: readonly ChatResult[]): Row {
    const { label, target, seconds } = this.#load;
    const sum = (of: (result: ChatResult) => number) => results.reduce((all, result) => all + of(result), 0);
    const late = newHistogram();
    for (const result of results) {
      if (result.late !== "") late.add(decodeFromCompressedBase64(result.late) as Histogram);
    }
    const expected = sum(({ expected }) => expected);
    const received = sum(({ counts }) => counts.received);
    const deliveries = sum(({ deliveries }) => deliveries);
    const moments = this.#moments();
    const during = moments.filter(({ second }) => second >= 0 && second < seconds);
    const mean = (of: (moment: Moment) => number) =>
      rounded(during.reduce((all, moment) => all + of(moment), 0) / Math.max(1, during.length));
    return {
      label,
      server: target.name,
      users: target.users.length,
      ...latencyOf(this.#latency),
      deliveries_per_s: Math.round(deliveries / seconds),
      sent: sum(({ sent }) => sent),
      expected,
      received,
      lost: Math.max(0, expected - received, sum(({ counts }) => counts.holes)),
      doubled: sum(({ counts }) => counts.doubled),
      reordered: sum(({ counts }) => counts.reordered),
      reloads: sum(({ counts }) => counts.reloads),
      cut_off: sum(({ cutOff }) => cutOff),
      ...(target.pid === undefined ? {} : {
        server_cpu: this.#serverCpu(0, seconds),
        rss_mb: rounded((this.#usage.get(seconds)?.residentBytes ?? 0) / 1e6),
      }),
      generator_cpu: mean(({ generator_cpu }) => generator_cpu),
      generator_late_p99_ms: rounded(late.getValueAtPercentile(99) / 1000),
      bytes_per_delivery: rounded(sum(({ bytes }) => bytes) / Math.max(1, deliveries)),
      deliveries_per_frame: rounded(deliveries / Math.max(1, sum(({ frames }) => frames))),
      timeline: moments,
    };
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#setting.progress.clear();
  }

  #at(ms: number, callback: () => void): void {
    this.#timers.push(setTimeout(callback, ms - Date.now()));
  }

  #note(second: number): string {
    if (second <= 0) return "warming up";
    const latest = this.#seconds.get(second - 1);
    const p99 = latest ? `, p99 ${(latest.latency.getValueAtPercentile(99) / 1000).toFixed(1)} ms` : "";
    return `${second} of ${this.#load.seconds} s${p99}`;
  }

  #moments(): Moment[] {
    return [...this.#seconds].sort(([a], [b]) => a - b)
      .filter(([second]) => second < this.#load.seconds)
      .map(([second, { latency, busy }]) => ({
        second,
        p50_ms: rounded(latency.getValueAtPercentile(50) / 1000),
        p99_ms: rounded(latency.getValueAtPercentile(99) / 1000),
        deliveries: latency.totalCount,
        server_cpu: this.#serverCpu(second, second + 1),
        generator_cpu: rounded(busy.reduce((a, b) => a + b, 0) / Math.max(1, busy.length)),
        rss_mb: rounded((this.#usage.get(second)?.residentBytes ?? 0) / 1e6),
      }));
  }

  #serverCpu(from: number, to: number): number {
    const before = this.#usage.get(from);
    const after = this.#usage.get(to);
    return before && after ? rounded((after.cpuSeconds - before.cpuSeconds) / (to - from)) : 0;
  }
}

export function latencyOf(histogram: Histogram): Latency {
  const at = (percentile: number) => rounded(histogram.getValueAtPercentile(percentile) / 1000);
  return {
    p50_ms: at(50),
    p90_ms: at(90),
    p95_ms: at(95),
    p99_ms: at(99),
    p999_ms: at(99.9),
    max_ms: rounded(histogram.maxValue / 1000),
  };
}

function difference(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>) {
  return [...after].map(([bound, count]) => ({
    at_most: bound === Infinity ? null : bound,
    count: count - (before.get(bound) ?? 0),
  }))
    .filter(({ count }) => count > 0);
}
