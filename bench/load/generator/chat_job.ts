/** Users that write now and then, and hear all that is said in their channels. @module */
import type { ChatJob, ChatResult } from "../protocol.ts";
import { delay, nowUs, secondEnded } from "./clock.ts";
import { closeAll, connectAll } from "./connect.ts";
import { DIALECTS } from "./dialects.ts";
import { Pacer } from "./pacer.ts";
import { type RawSocket, traffic } from "./raw_socket.ts";
import type { Stdio } from "./stdio.ts";
import { Tally } from "./tally.ts";
import { textOf } from "./text.ts";
import { Timeline } from "./timeline.ts";

const SAMPLE_US = 1_000_000;
/** While it waits for the last deliveries. */
const SETTLING_SAMPLE_US = 100_000;

export async function chat(job: ChatJob, stdio: Stdio): Promise<ChatResult> {
  const run = new ChatRun(job, stdio);
  await run.connect();
  await run.write(await stdio.go());
  await run.settle();
  return await run.end();
}

class ChatRun {
  readonly #job: ChatJob;
  readonly #stdio: Stdio;
  readonly #timeline = new Timeline();
  readonly #late = new Timeline();
  readonly #tally = new Tally(this.#timeline);
  readonly #pacer: Pacer;
  #sockets: RawSocket[] = [];
  #ending = false;
  #measureFromUs = 0;
  #nextSampleUs = 0;
  #sent = 0;
  #expected = 0;
  #cutOff = 0;
  /** At the beginning of the measured time, then what it took. */
  #read = { bytes: 0, frames: 0, deliveries: 0 };

  constructor(job: ChatJob, stdio: Stdio) {
    this.#job = job;
    this.#stdio = stdio;
    this.#pacer = new Pacer(job.users.length, job);
  }

  async connect(): Promise<void> {
    const { dialect: name, socketUrl, users, timed, deaf } = this.#job;
    const dialect = DIALECTS[name];
    const before = performance.now();
    this.#sockets = await connectAll(users, ({ token }) => dialect.connect(socketUrl, token));
    const hearing = users.length - deaf;
    const timedEvery = Math.max(1, Math.floor(hearing / Math.max(1, timed)));
    for (const [at, socket] of this.#sockets.entries()) {
      const isTimed = at % timedEvery === 0 && at < timedEvery * timed;
      if (at < hearing) dialect.listen(socket, this.#tally.receiver(isTimed));
      socket.onclose = () => this.#cutOff += this.#ending ? 0 : 1;
      if (at >= hearing) socket.pace = () => new Promise(() => {});
      else if (!isTimed) socket.pace = this.#pacer.pace(at);
    }
    this.#timeline.rehearse();
    this.#stdio.say({ type: "ready", connectMs: performance.now() - before });
  }

  /** Lets everybody write at their times; returns when the measured time is over. */
  async write(startUs: number): Promise<void> {
    const { users, everyMs, warmUpMs, measureMs } = this.#job;
    this.#measureFromUs = startUs + warmUpMs * 1000;
    const endUs = this.#measureFromUs + measureMs * 1000;
    this.#nextSampleUs = startUs;
    const next = users.map((_, at) => everyMs > 0 ? startUs + phase(at) * everyMs * 1000 : Infinity);
    const order = users.map((_, at) => at).sort((a, b) => next[a]! - next[b]!);
    let turn = 0;
    let measuring = false;
    await delay((startUs - nowUs()) / 1000);
    for (let now = nowUs(); now < endUs && !this.#stdio.stopped; now = nowUs()) {
      if (!measuring && now >= this.#measureFromUs) {
        measuring = true;
        this.#read = this.#readSo();
      }
      for (;;) {
        const user = order[turn % order.length]!;
        const timeUs = next[user]!;
        if (timeUs > now || timeUs >= endUs) break;
        next[user] = timeUs + everyMs * 1000;
        this.#say(user, { timeUs, turn: Math.floor(turn / order.length) });
        turn++;
      }
      await this.#turn(SAMPLE_US);
    }
    const { bytes, frames, deliveries } = this.#readSo();
    const before = this.#read;
    this.#read = {
      bytes: bytes - before.bytes,
      frames: frames - before.frames,
      deliveries: deliveries - before.deliveries,
    };
  }

  /** Goes on reading until the laboratory has heard of all that was to come, or gives up. */
  async settle(): Promise<void> {
    this.#stdio.say({ type: "sent", expected: this.#expected });
    this.#nextSampleUs = 0;
    while (!this.#stdio.stopped) await this.#turn(SETTLING_SAMPLE_US);
  }

  async end(): Promise<ChatResult> {
    this.#ending = true;
    const hearing = this.#sockets.slice(0, this.#sockets.length - this.#job.deaf);
    for (const socket of this.#sockets.slice(hearing.length)) socket.cut();
    for (const socket of hearing) socket.pace = undefined;
    this.#pacer.release();
    await closeAll(hearing);
    return {
      sent: this.#sent,
      expected: this.#expected,
      counts: this.#tally.counts,
      late: this.#late.take(),
      ...this.#read,
      cutOff: this.#cutOff,
    };
  }

  #say(user: number, { timeUs, turn }: { timeUs: number; turn: number }): void {
    const { dialect, users, receivers, bytes } = this.#job;
    const { channelIds } = users[user]!;
    const channelId = channelIds[turn % channelIds.length]!;
    const measured = timeUs >= this.#measureFromUs;
    DIALECTS[dialect].say(this.#sockets[user]!, channelId, textOf(timeUs, { measured, bytes }));
    if (!measured) return;
    this.#sent++;
    this.#expected += receivers[channelId]!;
    this.#late.record(nowUs() - timeUs);
  }

  async #turn(sampleUs: number): Promise<void> {
    await this.#pacer.turn();
    const now = nowUs();
    if (now < this.#nextSampleUs) return;
    this.#nextSampleUs = Math.max(this.#nextSampleUs + sampleUs, now);
    this.#stdio.say({
      type: "sample",
      second: secondEnded(now, this.#measureFromUs),
      received: this.#tally.counts.received,
      latency: this.#timeline.take(),
      busy: this.#pacer.takeBusy(),
    });
  }

  #readSo(): { bytes: number; frames: number; deliveries: number } {
    return { ...traffic, deliveries: this.#tally.counts.delivered };
  }
}

/** A share from 0 to 1, scattered and the same in every run. */
function phase(at: number): number {
  return (at * 0.618_033_988_749_894_9) % 1 * 0.5 + (Math.imul(at, 2_654_435_761) >>> 0) / 2 ** 32 * 0.5;
}
