/** GET /readyz: whether commands are taken and can be stored, and if not, why. @module */
import { textResponse } from "./requests/response.ts";

/** What can keep a server from being ready. */
export const CHECKS = ["draining", "takeover", "store", "commit", "writer", "disk", "loop"] as const;
export type Check = typeof CHECKS[number];

export interface Failing {
  readonly check: Check;
  /** What is wrong, and what to do if anything can be done, for people. */
  readonly reason: string;
}

/** What is wrong and keeps nobody from using the server. */
export interface Note {
  readonly check: "clock" | "follower";
  readonly reason: string;
}

/** 200 when nothing fails, else 503; the body tells the same as JSON, with notes if there are any. */
export function readinessResponse(failing: readonly Failing[], notes: readonly Note[] = []): Response {
  const ready = failing.length === 0;
  const body = JSON.stringify({ ready, failing, ...(notes.length > 0 && { notes }) });
  return textResponse(`${body}\n`, { status: ready ? 200 : 503, type: "application/json" });
}
