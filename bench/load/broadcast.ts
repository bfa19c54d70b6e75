/** Many users in one channel, each of them writing now and then. @module */
import { setImmediate } from "node:timers";
import { range } from "../seed.ts";
import { closeAll, connectAll, frameOf } from "./connection.ts";
import { FrameScanner } from "./frames.ts";
import { Histogram, type Quantiles } from "./histogram.ts";

export interface BroadcastJob {
  readonly kind: "broadcast";
  readonly socketUrl: string;
  readonly tokens: readonly string[];
  readonly channelId: number;
  /** Time between two messages of one user. */
  readonly everyMs: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface BroadcastResult {
  /** From the intended time of sending to the delivery to one of the timed users, milliseconds. */
  readonly latencyMs: Quantiles;
  readonly messages: number;
  readonly expected: number;
  readonly received: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly frames: number;
  /** How late the generator itself sent, milliseconds. */
  readonly lateMs: Quantiles;
}

const TICK_MS = 1;
/**
 * Users whose deliveries are timed, spread over all. The others read ten times
 * a second and are checked for loss, doubles and order alone: a generator that
 * reads every frame at once is as busy as the server, and would time itself.
 */
const TIMED_USERS = 100;
const SLOTS = 100;
const SETTLE_MS = 3000;

export async function broadcast(job: BroadcastJob): Promise<BroadcastResult> {
  const { tokens, channelId } = job;
  const sockets = await connectAll(job.socketUrl, tokens);
  const latency = new Histogram();
  const late = new Histogram();
  /** Intended times of measured messages, by their number; NaN for the others. */
  const intended = new Map<number, number>();
  const last = new Array<number>(tokens.length).fill(0);
  let received = 0;
  let doubled = 0;
  let reordered = 0;
  let holes = 0;
  let frames = 0;
  let messages = 0;
  const slots = range(SLOTS).map((): (() => void)[] => []);
  const timedEvery = Math.max(1, Math.floor(tokens.length / TIMED_USERS));
  for (const [at, socket] of sockets.entries()) {
    let now = 0;
    const timed = at % timedEvery === 0;
    if (!timed) socket.pace = () => new Promise((resolve) => slots[at % SLOTS]!.push(resolve));
    const scanner = new FrameScanner({
      event(stream, seq, text) {
        if (stream !== channelId) return;
        const before = last[at]!;
        if (seq === before) doubled++;
        else if (seq < before) reordered++;
        else if (before !== 0) holes += seq - before - 1;
        if (seq > before) last[at] = seq;
        let time = intended.get(seq);
        if (time === undefined) intended.set(seq, time = Number(text()));
        if (time === 0) return;
        received++;
        if (timed) latency.add(now - time);
      },
    });
    socket.onmessage = ({ data }) => {
      frames++;
      now = performance.now();
      scanner.scan(data);
    };
  }

  const start = performance.now() + 100;
  const measureFrom = start + job.warmUpMs;
  const end = measureFrom + job.measureMs;
  const next = range(tokens.length).map((at) => start + phase(at) * job.everyMs);
  const order = range(tokens.length).sort((a, b) => next[a]! - next[b]!);
  let turn = 0;
  let framesBefore = 0;
  let slot = 0;
  let nextTick = start;
  // It never sleeps: to wake it would be the server's work, a good part of what sending a frame costs.
  const tick = async () => {
    for (; performance.now() >= nextTick; nextTick += TICK_MS) {
      for (const resume of slots[slot++ % SLOTS]!.splice(0)) resume();
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  while (performance.now() < end) {
    const now = performance.now();
    if (framesBefore === 0 && now >= measureFrom) framesBefore = frames;
    while (true) {
      const user = order[turn % order.length]!;
      const time = next[user]!;
      if (time > now || time >= end) break;
      next[user] = time + job.everyMs;
      turn++;
      const measured = time >= measureFrom;
      if (measured) {
        messages++;
        late.add(now - time);
      }
      const value = { channelId, text: measured ? time.toFixed(3) : "0" };
      sockets[user]!.send(frameOf({ id: 0, body: { case: "sendMessage", value } }));
    }
    await tick();
  }
  const expected = messages * tokens.length;
  const deadline = performance.now() + SETTLE_MS;
  while (received < expected && performance.now() < deadline) {
    await tick();
  }
  const measuredFrames = frames - framesBefore;
  for (const socket of sockets) socket.pace = undefined;
  for (const waiting of slots) for (const resume of waiting) resume();
  await closeAll(sockets);
  return {
    latencyMs: latency.quantiles(),
    messages,
    expected,
    received,
    lost: Math.max(expected - received, holes),
    doubled,
    reordered,
    frames: measuredFrames,
    lateMs: late.quantiles(),
  };
}

/** A share from 0 to 1, scattered and the same in every run. */
function phase(at: number): number {
  return (at * 0.618_033_988_749_894_9) % 1 * 0.5 + (Math.imul(at, 2_654_435_761) >>> 0) / 2 ** 32 * 0.5;
}
