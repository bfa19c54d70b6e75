/**
 * Where the main thread allocates. No flag of Deno's records it, and an
 * inspector would add what it allocates for every WebSocket frame, see
 * record_cpu.ts; so heap_recorder.ts does it inside the server.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import {
  HEAP_FILE,
  HEAP_SIGNAL,
  type HeapNode,
  type HeapProfile,
  heapTree,
  withFrames,
} from "./heap_profile.ts";
import type { ProfileOptions } from "./options.ts";
import { sourceLines } from "./source_lines.ts";
import { type Recording, type Surroundings, underLoad } from "./under_load.ts";

const POLL_MS = 20;
const POLLS = 1500;

export async function recordHeap(options: ProfileOptions, around: Surroundings): Promise<Recording> {
  const recorder = new URL("./heap_recorder.ts", import.meta.url).pathname;
  // The inspector's session inside the process is a matter of --allow-sys.
  const denoFlags = ["--allow-sys", `--preload=${recorder}`];
  let profile: HeapProfile | undefined;
  const load = await underLoad(options, { ...around, denoFlags }, async ({ pid, folder }, signal) => {
    const answers = (count: number) => answersOf(`${folder}/${HEAP_FILE}`, count, signal);
    Deno.kill(pid, HEAP_SIGNAL);
    await answers(1);
    await delay(options.seconds * 1000, undefined, { signal });
    Deno.kill(pid, HEAP_SIGNAL);
    profile = (await answers(2))[1] as HeapProfile;
  });
  if (!profile?.head) throw new Error(`The server could not record its heap: ${JSON.stringify(profile)}`);
  const raw = withFrames(profile, await sourceLines(urlsOf(profile.head)));
  return { seconds: options.seconds, load, threads: [{ name: "main", tree: heapTree(raw), raw }] };
}

/** Lines of the recorder, when it has written so many. */
async function answersOf(file: string, count: number, signal: AbortSignal): Promise<unknown[]> {
  for (let poll = 0; poll < POLLS; poll++) {
    const lines = (await Deno.readTextFile(file)).split("\n").slice(0, -1);
    if (lines.length >= count) return lines.map((line) => JSON.parse(line));
    await delay(POLL_MS, undefined, { signal });
  }
  throw new Error("The server did not answer the signal to record its heap");
}

function urlsOf({ callFrame, children }: HeapNode): string[] {
  return [callFrame.url, ...children.flatMap(urlsOf)];
}
