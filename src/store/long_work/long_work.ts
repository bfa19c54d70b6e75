/** The main isolate's side of copying and examining. @module */
import { UnusableDatabase } from "../failure.ts";
import type { FromLongWork, LongWork, LongWorkResults, ToLongWork } from "./protocol.ts";
import type { OnProgress } from "../verify/verify.ts";

export interface LongWorkOptions {
  readonly onProgress?: OnProgress | undefined;
  /** Ends the work; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Rejects with UnusableDatabase, with SQLite's words, or with the signal's reason. */
export async function doLongWork<K extends LongWork["kind"]>(
  work: Extract<LongWork, { kind: K }>,
  { onProgress, signal }: LongWorkOptions,
): Promise<LongWorkResults[K]> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./long_work_worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<LongWorkResults[K]>();
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const abort = () => {
    Atomics.store(stop, 0, 1);
    // A copy ends by itself: SQLite would go on writing while its worker is terminated.
    if (work.kind === "verify") reject(signal!.reason);
  };
  worker.onmessage = ({ data }: MessageEvent<FromLongWork>) => {
    if (data.kind === "progress") onProgress?.(data.what, data.done);
    else if (data.kind === "done") resolve(data.result as LongWorkResults[K]);
    else if (signal?.aborted) reject(signal.reason);
    else reject(data.unusable ? new UnusableDatabase(data.message) : new Error(data.message));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  signal?.addEventListener("abort", abort);
  try {
    worker.postMessage({ work, stop } satisfies ToLongWork);
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    worker.terminate();
  }
}
