/**
 * Runs inside the server before its main module, under `--heap`: samples
 * allocations while told to. It writes one line when it has begun and the
 * profile as another; both go into a file that is opened at once, because the
 * server gives its permissions up when it has started.
 *
 * @module
 */
import { Session } from "node:inspector";
import { HEAP_FILE, HEAP_SIGNAL } from "./heap_profile.ts";

/** Bytes between two samples, on average. */
const SAMPLING_INTERVAL = 16_384;

const folder = Deno.args[Deno.args.indexOf("--data") + 1]!;
const file = Deno.openSync(`${folder}/${HEAP_FILE}`, { create: true, write: true });
const session = new Session();
session.connect();
let recording = false;

function write(line: unknown): void {
  let bytes = new TextEncoder().encode(`${JSON.stringify(line)}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
}

function start(): void {
  // What has been collected again was allocated too, and is what a collector's pauses are made of.
  const all = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  session.post("HeapProfiler.startSampling", { samplingInterval: SAMPLING_INTERVAL, ...all }, (error) => {
    write({ started: error === null });
  });
}

function stop(): void {
  session.post("HeapProfiler.stopSampling", (error: Error | null, result?: { profile: unknown }) => {
    write(error === null ? result?.profile : { error: error.message });
  });
}

Deno.addSignalListener(HEAP_SIGNAL, () => {
  if (recording) stop();
  else start();
  recording = !recording;
});
