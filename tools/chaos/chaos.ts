/** Worlds and rounds, until the time is over or something is wrong. @module */
import { type Corpus, loadCorpus } from "../demo/corpus.ts";
import type { Progress } from "../demo/progress.ts";
import { Random } from "../demo/random.ts";
import type { Fault } from "./faults/fault.ts";
import type { Arsenal } from "./faults/mod.ts";
import { keepEvidence } from "./evidence.ts";
import type { ChaosOptions } from "./options.ts";
import { playRound, type Round } from "./round.ts";
import { aborted, World } from "./world.ts";

export interface ChaosResult {
  readonly rounds: readonly Round[];
  readonly worlds: number;
  /** The server ended, or did not start, when it should have run: why. */
  readonly broken: string | undefined;
  /** Folder with what is needed to look into it; undefined when nothing was wrong. */
  readonly evidence: string | undefined;
}

/** A world is compared as a whole after every round, so none grows old. */
const WORLD_MS = 60_000;
const WORLD_COMMANDS = 12_000;
const PATIENCE_MS = 60_000;

interface Run {
  readonly options: ChaosOptions;
  readonly arsenal: Pick<Arsenal, "faults" | "places" | "outfit">;
  readonly progress: Progress;
  readonly random: Random;
  readonly corpus: Corpus;
  readonly signal: AbortSignal;
  /** How long everybody may take to come to rest; a minute when left out. */
  readonly patienceMs?: number;
  readonly rounds: Round[];
  /** Faults in the order of striking; filled again when it is empty. */
  readonly bag: Fault[];
}

/** Throws the signal's reason when that aborts; everything it has started is gone by then. */
export async function runChaos(
  options: ChaosOptions,
  shared: Pick<Run, "arsenal" | "progress" | "signal" | "patienceMs">,
): Promise<ChaosResult> {
  const random = new Random(options.seed);
  const corpus = await loadCorpus(random.fork());
  const rounds: Round[] = [];
  const run: Run = { ...shared, options, random, corpus, rounds, bag: [] };
  const { arsenal } = run;
  // The seed decides which one comes first.
  const first = random.below(arsenal.places.length);
  for (let worlds = 0;; worlds++) {
    if (isOver(run)) return { rounds, worlds, broken: undefined, evidence: undefined };
    const place = arsenal.places[(first + worlds) % arsenal.places.length]!;
    const trouble = await liveThrough(run, place);
    if (trouble) return { rounds, worlds: worlds + 1, ...trouble };
  }
}

/** One world from its beginning to its end; returns what was wrong with it. */
async function liveThrough(
  run: Run,
  place: Arsenal["places"][number],
): Promise<Pick<ChaosResult, "broken" | "evidence"> | undefined> {
  const { options, arsenal, progress, random, corpus, signal, rounds, patienceMs = PATIENCE_MS } = run;
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const { outfit } = arsenal;
  await using world = await World.open({
    ...{ place, outfit, corpus, random: random.fork(), clients: options.clients, signal: ended, patienceMs },
  });
  const endMs = performance.now() + WORLD_MS;
  progress.say(`${world.devices.length} clients on ${world.host.url}, ${world.place.data}`);
  let broken: string | undefined;
  try {
    do {
      const round = playRound(world, nextFault(run), { signal: ended, patienceMs });
      // It may end later than whatever else ends the round.
      round.catch(() => {});
      rounds.push(await Promise.race([round, world.host.crashed, aborted(signal)]));
      progress.say(lineOf(rounds.at(-1)!));
    } while (rounds.at(-1)!.findings.length === 0 && !isOver(run) && !isOld(world, endMs));
    if (rounds.at(-1)!.findings.length === 0) await world.host.stop();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    broken = (error as Error).message;
  } finally {
    over.abort();
  }
  const findings = rounds.at(-1)?.findings ?? [];
  if (broken === undefined && findings.length === 0) return undefined;
  return { broken, evidence: await keepEvidence(world, { findings, broken, seed: options.seed }) };
}

function nextFault({ bag, arsenal, random }: Run): Fault {
  if (bag.length === 0) bag.push(...random.sample(arsenal.faults, arsenal.faults.length));
  return bag.shift()!;
}

function isOver({ rounds, options, arsenal, progress }: Run): boolean {
  const struck = new Set(rounds.map(({ fault }) => fault));
  return progress.seconds >= options.seconds && struck.size >= arsenal.faults.length;
}

function isOld({ devices }: World, endMs: number): boolean {
  const commands = devices.reduce((sum, { ledger }) => sum + ledger.commands.length, 0);
  return performance.now() >= endMs || commands >= WORLD_COMMANDS;
}

function lineOf({ fault, felt, backS, tally, findings }: Round): string {
  const verdict = findings.length === 0 ? "nothing is missing" : `${findings.length} things are wrong`;
  return `${fault}${felt ? "" : " (not felt)"}: everybody back after ${backS.toFixed(1)} s, ` +
    `${tally.acknowledged} commands acknowledged, ${tally.delivered} events delivered; ${verdict}`;
}
