/**
 * Where time goes, by Deno's own profiler (`--cpu-prof`); the span in which the
 * load was steady is cut out.
 *
 * An inspector would not tell the truth: with `--inspect`, whether anybody
 * listens or not, Deno encodes every frame of every WebSocket for the Network
 * panel (`emitWebSocketFrame`), which costs much. `--cpu-prof` leaves it off,
 * has workers too, and knows the lines of the TypeScript.
 *
 * Two things to know of its numbers. They are by the wall clock: a function
 * that waits, for the disk or for the core, takes time. And V8 takes a thread
 * for idle while Deno's event loop works, which reads and writes sockets; so
 * processor time that the kernel counted and no function had is added as
 * `(event loop)`.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { temporaryFolder } from "../temporary_folder.ts";
import { type CallNode, withChild, without } from "./call_tree.ts";
import { type CpuProfile, cpuTree, cutProfile, workerName } from "./cpu_profile.ts";
import type { ProfileOptions } from "./options.ts";
import { NATIVE } from "./summary.ts";
import { threadTimes } from "./thread_times.ts";
import { type Recording, type Surroundings, type Thread, underLoad } from "./under_load.ts";

/** Microseconds between two samples. */
const INTERVAL = 500;

export async function recordCpu(options: ProfileOptions, around: Surroundings): Promise<Recording> {
  await using results = await temporaryFolder();
  const denoFlags = [`--cpu-prof-dir=${results.path}`, `--cpu-prof-interval=${INTERVAL}`];
  const span = { fromMs: 0, toMs: 0 };
  let before = new Map<string, number>();
  let after = before;
  const load = await underLoad(options, { ...around, denoFlags }, async ({ pid }, signal) => {
    before = threadTimes(pid);
    span.fromMs = Date.now();
    await delay(options.seconds * 1000, undefined, { signal });
    span.toMs = Date.now();
    after = threadTimes(pid);
  });
  const threads = [...Deno.readDirSync(results.path)].flatMap(({ name }): Thread[] => {
    const profile = readProfile(`${results.path}/${name}`);
    // A worker that ends with the process may not come to the end of its file; the main thread waits for its own.
    if (!profile) return [];
    const [, wallMs, worker] = /^CPU\.(\d+)\.\d+\.(?:(.+)\.)?cpuprofile$/.exec(name)!;
    const raw = cutToSpan(profile, Number(wallMs), span);
    const thread = worker ?? "main";
    const ended = after.get(thread);
    const processor = ended === undefined ? undefined : ended - (before.get(thread) ?? 0);
    const label = worker === undefined ? "main" : workerName(profile) ?? worker;
    return [{ name: label, tree: busyTree(cpuTree(raw), processor), processor, raw }];
  });
  if (!threads.some(({ name }) => name === "main")) throw new Error("The main thread left no profile");
  threads.sort((a, b) =>
    Number(b.name === "main") - Number(a.name === "main") || b.tree.total - a.tree.total
  );
  return { seconds: (span.toMs - span.fromMs) / 1000, load, threads };
}

/** Undefined for a file that was not written to its end. */
function readProfile(path: string): CpuProfile | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The file's name has the start by the wall clock, the profile has it by a clock of V8's. */
function cutToSpan(profile: CpuProfile, wallMs: number, { fromMs, toMs }: { fromMs: number; toMs: number }) {
  const time = (ms: number) => profile.startTime + (ms - wallMs) * 1000;
  return cutProfile(profile, time(fromMs), time(toMs));
}

function busyTree(tree: CallNode, processor: number | undefined): CallNode {
  const functions = without(tree, NATIVE.idle);
  const rest = (processor ?? 0) - functions.total;
  return rest <= 0 ? functions : withChild(functions, { name: NATIVE.eventLoop, file: "", line: 0 }, rest);
}
