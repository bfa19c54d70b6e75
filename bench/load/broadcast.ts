/** Many users in one channel, each of them writing now and then. @module */
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
  /** From the intended time of sending to the delivery, milliseconds. */
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
  for (const [at, socket] of sockets.entries()) {
    let now = 0;
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
        latency.add(now - time);
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
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const expected = messages * tokens.length;
  const deadline = performance.now() + SETTLE_MS;
  while (received < expected && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const measuredFrames = frames - framesBefore;
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
