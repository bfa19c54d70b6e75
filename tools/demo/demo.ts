/** The whole run: start, talk, kill, resume, compare. @module */
import { Actor, type Stage } from "./actor.ts";
import { type Device, gatherCast } from "./cast.ts";
import { compare } from "./compare.ts";
import { type Corpus, loadCorpus } from "./corpus.ts";
import type { Finding } from "./findings.ts";
import { Host } from "./host.ts";
import type { DeviceRecord } from "./ledger.ts";
import type { DemoOptions } from "./options.ts";
import { openPlaces } from "./places.ts";
import type { Progress } from "./progress.ts";
import { Random } from "./random.ts";
import { settle } from "./settle.ts";
import { readTruth } from "./truth.ts";
import { Writer } from "./writer.ts";

export interface DemoResult {
  readonly records: readonly DeviceRecord[];
  readonly findings: readonly Finding[];
  readonly restarts: number;
  /** Warnings and errors in the server's log. */
  readonly complaints: readonly string[];
}

/** Parts of the messages after which the server is killed. */
const KILLS_AT = [0.2, 0.45, 0.7];
/** The kill behind which another one follows, as soon as the first client is back. */
const KILL_TWICE_AT = 0.45;
const DOWN_MS = 500;
const LOOK_MS = 20;

/** Runs the demo. Throws when it cannot be carried through, and the signal's reason when that aborts. */
export async function runDemo(
  options: DemoOptions,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<DemoResult> {
  await using cleanup = new AsyncDisposableStack();
  const data = await Deno.makeTempDir({ prefix: "rookery-demo-" });
  cleanup.defer(() => Deno.remove(data, { recursive: true }));
  const random = new Random(options.seed);
  const corpus = await loadCorpus(random.fork());
  const devices: Device[] = [];
  // The server goes first, so that nobody can join while the clients are being closed.
  cleanup.defer(async () => void await Promise.all(devices.map(({ client }) => client.close())));
  const host = cleanup.use(await Host.start({ data }));
  // Whatever ends the run ends the conversation, or it would start the server again.
  const over = new AbortController();
  cleanup.defer(() => over.abort());
  const run = { options, random, corpus, host, devices, progress, signal: over.signal };
  await Promise.race([converse(run), host.crashed, aborted(signal)]);
  const records = devices.map(({ ledger }) => ledger.record());
  await Promise.all(devices.map(({ client }) => client.close()));
  await host.stop();
  progress.say("Comparing with the database");
  const truth = await readTruth(data, records);
  const { restarts, complaints } = host;
  return {
    records,
    findings: compare(records, truth),
    restarts,
    complaints,
  };
}

interface Run {
  readonly options: DemoOptions;
  readonly random: Random;
  readonly corpus: Corpus;
  readonly host: Host;
  /** Filled as they connect. */
  readonly devices: Device[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** From the first account to the moment in which everybody has everything. */
async function converse(run: Run): Promise<void> {
  const { options, random, corpus, host, devices, progress, signal } = run;
  await gatherCast(devices, {
    base: host.url,
    ownerLink: host.ownerLink,
    count: options.clients,
    random: random.fork(),
  });
  await openPlaces(devices, random.fork());
  const { limits } = devices[0]!.client.replica;
  const stage: Stage = {
    writer: new Writer(corpus, random.fork(), { limitBytes: limits!.messageBytes }),
    names: [...new Set(devices.map(({ userName }) => userName))],
    userIds: [...new Set(devices.map(({ userId }) => userId))],
    emoji: corpus.emoji,
    signal,
    messagesLeft: options.messages,
  };
  progress.say(`${devices.length} clients of ${stage.userIds.length} users on ${host.url}`);
  progress.watch(() => status(devices, stage));
  const actors = devices.map((device) => new Actor(device, stage, random.fork()).run());
  await Promise.all([...actors, killAgainAndAgain(run, stage)]);
  if (signal.aborted) return;
  progress.say("Everything is said: waiting until everybody has everything");
  await settle(devices, signal);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function killAgainAndAgain(
  { host, devices, options, random: choices, progress }: Run,
  stage: Stage,
): Promise<void> {
  const random = choices.fork();
  for (const share of KILLS_AT) {
    const left = options.messages * (1 - share);
    await until(() => stage.messagesLeft <= left, stage.signal);
    let again = share === KILL_TWICE_AT;
    for (;;) {
      if (stage.signal.aborted) return;
      await host.kill();
      progress.say(`Server killed; ${status(devices, stage)}`);
      await until(undefined, stage.signal, random.below(DOWN_MS));
      if (stage.signal.aborted) return;
      await host.restart();
      progress.say("Server started again");
      if (!again) break;
      again = false;
      await until(() => devices.some(({ client }) => client.state.name === "live"), stage.signal);
    }
  }
}

function status(devices: readonly Device[], { messagesLeft }: Stage): string {
  const live = devices.filter(({ client }) => client.state.name === "live").length;
  const waiting = devices.reduce((sum, { client }) => sum + client.pending().length, 0);
  const delivered = devices.reduce((sum, { ledger }) => sum + ledger.delivered, 0);
  const left = Math.max(0, messagesLeft);
  return `${live} of ${devices.length} live, ${delivered} events delivered, ${left} messages to send, ` +
    `${waiting} commands unanswered`;
}

/** Waits for a condition, or for a time; returns early when the signal aborts. */
async function until(
  condition: (() => boolean) | undefined,
  signal: AbortSignal,
  ms = Infinity,
): Promise<void> {
  const endMs = performance.now() + ms;
  while (!signal.aborted && !condition?.() && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, endMs - performance.now())));
  }
}
