/** The address under which people reach a server, as it is examined. @module */

/** Longer than any answer takes that people would wait for. */
export const ANSWER_MS = 15_000;

export interface Target {
  /** Without a slash at the end. */
  readonly base: string;
  /** Secret of a session there; undefined when there is none. */
  readonly token: string | undefined;
  /** How long a socket is left alone, milliseconds; 0 leaves that out. */
  readonly idleMs: number;
  /** Attempts without a session in a row that the server allows, and how many more in a second. */
  readonly burst: number;
  readonly perSecond: number;
  /** Address of the server on this machine; undefined when none runs. */
  readonly direct: string | undefined;
}

/** An answer, or what kept it from coming. */
export function ask(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { redirect: "manual", ...init, signal: AbortSignal.timeout(ANSWER_MS) });
}

/** The innermost reason of a failed request. */
export function reasonOf(error: unknown): string {
  let reason = error instanceof Error ? error : new Error(String(error));
  while (reason.cause instanceof Error) reason = reason.cause;
  return reason.message.replaceAll(/\s+/g, " ");
}
