/** Acknowledged messages from many connections, each into a channel of its own. @module */
import { closeAll, connectAll, frameOf } from "./connection.ts";
import { FrameScanner } from "./frames.ts";
import { Histogram, type Quantiles, rounded } from "./histogram.ts";

export interface DurableJob {
  readonly kind: "durable";
  readonly socketUrl: string;
  readonly tokens: readonly string[];
  /** By connection. */
  readonly channelIds: readonly number[];
  /** Messages a second of all connections; 0 sends as fast as answers come. */
  readonly perSecond: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface DurableResult {
  /** Acknowledged, a second. */
  readonly perSecond: number;
  /** From the intended time of sending to the acknowledgement. */
  readonly ackMs: Quantiles;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
}

const TEXT = "A message of a usual length, which is to be on the disk before anybody hears of it.";
/** Commands without an answer that a connection has when it sends as fast as it can. */
const IN_FLIGHT = 64;
const TICK_MS = 2;
const SETTLE_MS = 5000;

export async function durable(job: DurableJob): Promise<DurableResult> {
  const sockets = await connectAll(job.socketUrl, job.tokens);
  const ack = new Histogram();
  const sentAt = sockets.map(() => new Map<number, number>());
  const nextId = sockets.map(() => 1);
  let sent = 0;
  let acknowledged = 0;
  let answeredInTime = 0;
  let refused = 0;
  const start = performance.now() + 100;
  const measureFrom = start + job.warmUpMs;
  const end = measureFrom + job.measureMs;
  const send = (at: number, intendedMs: number) => {
    const id = nextId[at]!++;
    sentAt[at]!.set(id, intendedMs);
    if (intendedMs >= measureFrom) sent++;
    const key = `${Math.floor(intendedMs).toString(36).padStart(8, "0")}-${at}-${id}`;
    const value = { channelId: job.channelIds[at]!, text: TEXT };
    sockets[at]!.send(frameOf({ id, key, body: { case: "sendMessage", value } }));
  };
  for (const [at, socket] of sockets.entries()) {
    let now = 0;
    let answers = 0;
    const scanner = new FrameScanner({
      reply(id, failed) {
        answers++;
        const time = sentAt[at]!.get(id)!;
        sentAt[at]!.delete(id);
        if (failed) refused++;
        if (failed || time < measureFrom) return;
        acknowledged++;
        if (now < end) answeredInTime++;
        ack.add(now - time);
      },
    });
    socket.onmessage = ({ data }) => {
      now = performance.now();
      answers = 0;
      scanner.scan(data);
      if (job.perSecond > 0) return;
      while (answers-- > 0 && now < end) send(at, now);
    };
  }

  if (job.perSecond === 0) {
    for (let at = 0; at < sockets.length * IN_FLIGHT; at++) send(at % sockets.length, performance.now());
  }
  const everyMs = 1000 / job.perSecond;
  let turn = 0;
  while (performance.now() < end) {
    const now = performance.now();
    while (job.perSecond > 0 && start + turn * everyMs <= Math.min(now, end)) {
      send(turn % sockets.length, start + turn * everyMs);
      turn++;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const deadline = performance.now() + SETTLE_MS;
  while (acknowledged + refused < sent && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await closeAll(sockets);
  return {
    perSecond: rounded(answeredInTime / (job.measureMs / 1000)),
    ackMs: ack.quantiles(),
    sent,
    acknowledged,
    refused,
  };
}
