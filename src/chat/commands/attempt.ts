/** Password work, counted as an attempt. @module */
import { ChatError, Code } from "../error.ts";
import type { Context } from "./spec.ts";

/**
 * Does the work if the account and the address have an attempt left. One that
 * was turned away unread, because too many waited, was none: whoever comes back
 * when told to must not run out of attempts by it.
 */
export async function attempted<Result>(
  { throttle, address }: Context,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const attempt = { name, address };
  throttle.admit(attempt);
  try {
    return await work();
  } catch (error) {
    if (error instanceof ChatError && TURNED_AWAY.has(error.code)) throttle.withdrawn(attempt);
    throw error;
  }
}

const TURNED_AWAY: ReadonlySet<Code> = new Set([Code.RESOURCE_EXHAUSTED, Code.UNAVAILABLE]);
