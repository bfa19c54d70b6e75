/**
 * Copies and examines databases apart from the main isolate, which can show
 * how far it is and be interrupted meanwhile.
 *
 * @module
 */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import { copyDatabase } from "../backup/copy.ts";
import { UnusableDatabase } from "../failure.ts";
import type { FromLongWork, LongWork, LongWorkResults, ToLongWork } from "./protocol.ts";
import { type OnProgress, verifyDatabase } from "../verify/verify.ts";

function reply(message: FromLongWork): void {
  self.postMessage(message);
}

async function run({ work, stop }: ToLongWork): Promise<LongWorkResults[LongWork["kind"]]> {
  const onProgress: OnProgress = (what, done) => {
    if (Atomics.load(stop, 0) !== 0) throw new Error("Interrupted");
    reply({ kind: "progress", what, done });
  };
  if (work.kind === "copy") return await copyDatabase(work.from, work.to, { onProgress });
  return verifyDatabase(work.path, { onProgress });
}

self.onmessage = async ({ data }: MessageEvent<ToLongWork>) => {
  try {
    reply({ kind: "done", result: await run(data) });
  } catch (error) {
    const { message } = error as Error;
    reply({ kind: "failed", message, unusable: error instanceof UnusableDatabase });
  }
};
