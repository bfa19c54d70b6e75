/**
 * Computes bcrypt away from the message loop. Takes `{ id, job }` and answers
 * `{ id, result }` or `{ id, error }`, in order. Whatever else it is told, it lives on.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { bcrypt, bcryptVerify } from "hash-wasm";
import type { PasswordJob, PasswordResult } from "./password_job.ts";

const SALT_BYTES = 16;

function compute(job: PasswordJob): Promise<PasswordResult> {
  switch (job?.kind) {
    case "hash":
      return bcrypt({
        password: job.password,
        salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)),
        costFactor: job.cost,
        outputType: "encoded",
      });
    case "verify":
      return bcryptVerify({ password: job.password, hash: job.hash });
    default:
      throw new TypeError("No such password job");
  }
}

async function answer(data: unknown): Promise<void> {
  const { id, job } = (data ?? {}) as { id?: unknown; job?: PasswordJob };
  try {
    self.postMessage({ id, result: await compute(job as PasswordJob) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

self.onmessage = (event: MessageEvent) => void answer(event.data);
