/** Acknowledged messages from many connections, each into a channel of its own. @module */
import type { DurableJob, DurableResult } from "../protocol.ts";
import { delay, nowUs, secondEnded } from "./clock.ts";
import { closeAll, connectAll } from "./connect.ts";
import { FrameScanner } from "./frames.ts";
import type { RawSocket } from "./raw_socket.ts";
import { connectRaw, frameOf } from "./rookery_proto.ts";
import type { Stdio } from "./stdio.ts";
import { textOf } from "./text.ts";
import { Timeline } from "./timeline.ts";

/** Commands without an answer that a connection has when it sends as fast as it can. */
const IN_FLIGHT = 64;
const TICK_MS = 2;
const SETTLE_US = 5_000_000;
const SAMPLE_US = 1_000_000;

export async function durable(job: DurableJob, stdio: Stdio): Promise<DurableResult> {
  const before = performance.now();
  // They do not open, so they get answers only.
  const sockets = await connectAll(job.users, ({ token }) => connectRaw(job.socketUrl, token));
  stdio.say({ type: "ready", connectMs: performance.now() - before });
  const run = new DurableRun(job, { sockets, startUs: await stdio.go() });
  await run.write(stdio);
  await closeAll(sockets);
  return run.result();
}

class DurableRun {
  readonly #job: DurableJob;
  readonly #sockets: readonly RawSocket[];
  readonly #startUs: number;
  readonly #measureFromUs: number;
  readonly #endUs: number;
  readonly #ack = new Timeline();
  readonly #sentAtUs: readonly Map<number, number>[];
  readonly #nextId: number[];
  #sent = 0;
  #acknowledged = 0;
  #answeredInTime = 0;
  #refused = 0;

  constructor(job: DurableJob, { sockets, startUs }: { sockets: readonly RawSocket[]; startUs: number }) {
    this.#job = job;
    this.#sockets = sockets;
    this.#startUs = startUs;
    this.#measureFromUs = startUs + job.warmUpMs * 1000;
    this.#endUs = this.#measureFromUs + job.measureMs * 1000;
    this.#sentAtUs = sockets.map(() => new Map());
    this.#nextId = sockets.map(() => 1);
    for (const [at, socket] of sockets.entries()) this.#listen(socket, at);
  }

  async write(stdio: Stdio): Promise<void> {
    const { perSecond } = this.#job;
    const everyUs = 1e6 / perSecond;
    await delay((this.#startUs - nowUs()) / 1000);
    if (perSecond === 0) {
      for (let at = 0; at < this.#sockets.length * IN_FLIGHT; at++) {
        this.#send(at % this.#sockets.length, nowUs());
      }
    }
    let turn = 0;
    let nextSampleUs = this.#startUs;
    const sample = (now: number) => {
      if (now < nextSampleUs) return;
      nextSampleUs += SAMPLE_US;
      const second = secondEnded(now, this.#measureFromUs);
      stdio.say({ type: "sample", second, received: this.#acknowledged, latency: this.#ack.take(), busy: 0 });
    };
    for (let now = nowUs(); now < this.#endUs && !stdio.stopped; now = nowUs()) {
      for (; perSecond > 0 && this.#startUs + turn * everyUs <= Math.min(now, this.#endUs); turn++) {
        this.#send(turn % this.#sockets.length, this.#startUs + turn * everyUs);
      }
      sample(now);
      await delay(TICK_MS);
    }
    while (this.#acknowledged + this.#refused < this.#sent && nowUs() < this.#endUs + SETTLE_US) {
      await delay(20);
    }
    nextSampleUs = 0;
    sample(nowUs());
  }

  result(): DurableResult {
    return {
      perSecond: this.#answeredInTime / (this.#job.measureMs / 1000),
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      refused: this.#refused,
    };
  }

  #send(at: number, intendedUs: number): void {
    const id = this.#nextId[at]!++;
    this.#sentAtUs[at]!.set(id, intendedUs);
    const measured = intendedUs >= this.#measureFromUs;
    if (measured) this.#sent++;
    const key = `${Math.floor(intendedUs / 1000).toString(36).padStart(9, "0")}-${at}-${id}`;
    const text = textOf(intendedUs, { measured, bytes: this.#job.bytes });
    const value = { channelId: this.#job.users[at]!.channelIds[0]!, text };
    this.#sockets[at]!.send(frameOf({ id, key, body: { case: "sendMessage", value } }));
  }

  #listen(socket: RawSocket, at: number): void {
    let now = 0;
    let answers = 0;
    const scanner = new FrameScanner({
      reply: (id, failed) => {
        answers++;
        const sentUs = this.#sentAtUs[at]!.get(id)!;
        this.#sentAtUs[at]!.delete(id);
        if (sentUs < this.#measureFromUs) return;
        if (failed) {
          this.#refused++;
          return;
        }
        this.#acknowledged++;
        if (now < this.#endUs) this.#answeredInTime++;
        this.#ack.record(now - sentUs);
      },
    });
    socket.onmessage = (data) => {
      now = nowUs();
      answers = 0;
      scanner.scan(data);
      if (this.#job.perSecond > 0) return;
      while (answers-- > 0 && now < this.#endUs) this.#send(at, now);
    };
    socket.start();
  }
}
