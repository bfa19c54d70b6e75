/**
 * People with the real client who go on writing while their server is replaced
 * by another process, and what they notice of it.
 *
 * @module
 */
import { type ClientState, type Message, RookeryClient } from "../../../src/client/mod.ts";
import type { HandoverJob, HandoverResult } from "../protocol.ts";
import { delay, nowUs } from "./clock.ts";
import { Knocker } from "./knocker.ts";
import type { Stdio } from "./stdio.ts";
import { newHistogram, Timeline } from "./timeline.ts";

const AT_ONCE = 50;
const TICK_MS = 2;
const SETTLE_MS = 30_000;
/** Before the first is told to go and after the last is back, what is sent counts as sent during the handover. */
const MARGIN_US = 1_000_000;
const PAGE = 100;

/** A message, from its intended time to the server's word that it is stored. */
interface Sent {
  readonly text: string;
  readonly intendedUs: number;
  answeredUs: number;
  seq: number;
}

export async function handover(job: HandoverJob, stdio: Stdio): Promise<HandoverResult> {
  const run = new HandoverRun(job);
  const before = performance.now();
  await run.connect();
  stdio.say({ type: "ready", connectMs: performance.now() - before });
  await run.write(await stdio.go());
  return await run.end();
}

class HandoverRun {
  readonly #job: HandoverJob;
  readonly #people: Person[];
  readonly #late = new Timeline();
  readonly #knocker: Knocker;

  constructor(job: HandoverJob) {
    this.#job = job;
    this.#people = job.users.map(({ token, channelIds }, at) =>
      new Person(new RookeryClient(job.url, { token }), { at, channelId: channelIds[0]! })
    );
    this.#knocker = new Knocker(job.url);
  }

  async connect(): Promise<void> {
    for (let at = 0; at < this.#people.length; at += AT_ONCE) {
      await Promise.all(this.#people.slice(at, at + AT_ONCE).map((person) => person.client.live()));
    }
    for (const person of this.#people) person.listen();
  }

  /** Lets everybody write at their times, whatever comes back. */
  async write(startUs: number): Promise<void> {
    const { everyMs, measureMs, bytes } = this.#job;
    const endUs = startUs + measureMs * 1000;
    const stepUs = everyMs * 1000 / this.#people.length;
    await delay((startUs - nowUs()) / 1000);
    const knocking = this.#knocker.run(endUs);
    for (let turn = 0; nowUs() < endUs; await delay(TICK_MS)) {
      for (let now = nowUs(); startUs + turn * stepUs <= now; turn++, now = nowUs()) {
        const intendedUs = startUs + turn * stepUs;
        this.#late.record(now - intendedUs);
        this.#people[turn % this.#people.length]!.say(intendedUs, bytes);
      }
    }
    await knocking;
    // On a busy machine the other process may come late.
    const settledUs = nowUs() + SETTLE_MS * 1000;
    while (nowUs() < settledUs && !this.#people.every((person) => person.settled)) await delay(TICK_MS);
  }

  async end(): Promise<HandoverResult> {
    const people = this.#people;
    const sent = people.flatMap((person) => person.sent);
    const offline = people.flatMap((person) => person.offline);
    const firstUs = Math.min(...offline.map(({ fromUs }) => fromUs));
    const lastUs = Math.max(...offline.map(({ toUs }) => toUs));
    const window = { fromUs: firstUs - MARGIN_US, toUs: lastUs + MARGIN_US };
    const within = ({ intendedUs }: Sent) => intendedUs >= window.fromUs && intendedUs <= window.toUs;
    const longest = newHistogram();
    for (const { fromUs, toUs } of offline) longest.recordValue(Math.max(1, Math.round(toUs - fromUs)));
    const kept = await this.#kept();
    const sum = (of: (person: Person) => number) => people.reduce((all, person) => all + of(person), 0);
    const result = {
      sent: sent.length,
      acknowledged: sent.filter(({ seq }) => seq > 0).length,
      calm: latencies(sent.filter((message) => !within(message))),
      during: latencies(sent.filter(within)),
      late: this.#late.take(),
      ...kept,
      delivered: sum(({ received }) => received),
      doubled: kept.doubled + sum(({ client }) => client.stats.doubled),
      holes: sum(({ client }) => client.stats.gaps),
      reloads: sum(({ client }) => client.stats.reloads),
      unreached: sum(({ unreached }) => unreached),
      handedOver: offline.length,
      offlineP50Ms: offline.length === 0 ? 0 : longest.getValueAtPercentile(50) / 1000,
      offlineMaxMs: offline.length === 0 ? 0 : longest.maxValue / 1000,
      allBackMs: offline.length === 0 ? 0 : (lastUs - firstUs) / 1000,
      knocks: this.#knocker.result(),
    };
    await Promise.all(people.map(({ client }) => client.close()));
    return result;
  }

  /** What the server keeps, held against what it has acknowledged. */
  async #kept(): Promise<{ lost: number; doubled: number; reordered: number }> {
    const counts = { lost: 0, doubled: 0, reordered: 0 };
    for (const [channelId, people] of Map.groupBy(this.#people, (person) => person.channelId)) {
      const messages = await historyOf(people[0]!.client, channelId);
      const bySeq = new Map(messages.map(({ seq, text }) => [seq, text]));
      counts.doubled += messages.length - new Set(messages.map(({ text }) => text)).size;
      for (const { sent } of people) {
        counts.lost += sent.filter(({ seq, text }) => bySeq.get(seq) !== text).length;
        counts.reordered += sent.filter(({ seq }, at) => at > 0 && seq < sent[at - 1]!.seq).length;
      }
    }
    return counts;
  }
}

class Person {
  readonly client: RookeryClient;
  readonly channelId: number;
  readonly sent: Sent[] = [];
  /** Times without a connection. */
  readonly offline: { readonly fromUs: number; toUs: number }[] = [];
  /** Connections that could not be had. */
  unreached = 0;
  received = 0;
  readonly #at: number;
  #awaySinceUs = 0;

  constructor(client: RookeryClient, { at, channelId }: { at: number; channelId: number }) {
    this.client = client;
    this.channelId = channelId;
    this.#at = at;
  }

  /** Everything has its answer, and it has been sent to the other process. */
  get settled(): boolean {
    const { client, offline } = this;
    return offline.length > 0 && client.state.name === "live" && client.pending().length === 0;
  }

  listen(): void {
    this.client.on("state", (state) => this.#follow(state));
    this.client.on("message", () => this.received++);
  }

  say(intendedUs: number, bytes: number): void {
    const text = `${this.#at} ${this.sent.length} `.padEnd(bytes, "x");
    const message: Sent = { text, intendedUs, answeredUs: Infinity, seq: 0 };
    this.sent.push(message);
    this.client.sendMessage(this.channelId, text).then(({ seq }) => {
      message.answeredUs = nowUs();
      message.seq = seq;
      // What is not stored in the end is lost, and counted there.
    }, () => {});
  }

  #follow(state: ClientState): void {
    if (state.name === "waiting") {
      if (this.#awaySinceUs === 0) this.#awaySinceUs = nowUs();
      if (!state.planned) this.unreached++;
    } else if (state.name === "live" && this.#awaySinceUs > 0) {
      this.offline.push({ fromUs: this.#awaySinceUs, toUs: nowUs() });
      this.#awaySinceUs = 0;
    }
  }
}

/** From the intended time to the answer, as an HDR histogram in microseconds. */
function latencies(messages: readonly Sent[]): string {
  const timeline = new Timeline();
  for (const { intendedUs, answeredUs } of messages) timeline.record(answeredUs - intendedUs);
  return timeline.take();
}

async function historyOf(client: RookeryClient, channelId: number): Promise<Message[]> {
  const all: Message[] = [];
  let before: number | undefined;
  for (;;) {
    const { messages, moreBefore } = await client.history(channelId, {
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    all.unshift(...messages);
    if (!moreBefore || messages.length === 0) return all;
    before = messages[0]!.seq;
  }
}
