/**
 * Computes bcrypt away from the message loop. Takes `{ id, job }` and answers
 * `{ id, result }` or `{ id, error }`, in order. Whatever else it is told, it lives on.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { bcrypt, bcryptVerify } from "hash-wasm";
import { lowerPriority } from "../low_priority.ts";
import type { PasswordJob, PasswordResult } from "./password_job.ts";

const SALT_BYTES = 16;
/** bcrypt knows no lower one. */
const LOWEST_COST = 4;

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
      return verify(job);
    default:
      throw new TypeError("No such password job");
  }
}

async function verify({ passwords, hash, cost }: PasswordJob & { kind: "verify" }): Promise<number> {
  for (const [at, password] of passwords.entries()) {
    if (await bcryptVerify({ password, hash })) return at;
    // The rounds that are missing, or time would tell that there is an account, from before the cost was raised:
    // 2^n and 2^n + 2^(n+1) + … + 2^(cost-1) are 2^cost together.
    const salt = new Uint8Array(SALT_BYTES);
    for (let spent = Math.max(LOWEST_COST, costOf(hash)); spent < cost; spent++) {
      await bcrypt({ password, salt, costFactor: spent, outputType: "hex" });
    }
  }
  return -1;
}

function costOf(hash: string): number {
  return Number(hash.slice(4, 6));
}

async function answer(data: unknown): Promise<void> {
  const { id, job } = (data ?? {}) as { id?: unknown; job?: PasswordJob };
  try {
    self.postMessage({ id, result: await compute(job as PasswordJob) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

lowerPriority();
self.onmessage = (event: MessageEvent) => void answer(event.data);
