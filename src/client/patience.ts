/** Waiting for a server that is not there yet. @module */
import { Backoff } from "./backoff.ts";
import { type Clock, systemClock } from "./clock.ts";
import { asRookeryError, isTransient, type RookeryError } from "./error.ts";

/** How to go on trying. */
export interface Patience {
  /** Hears before each pause why there is one, and how long it lasts in milliseconds. */
  waiting(error: RookeryError, waitMs: number): void;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** Uniform in [0, 1). */
  readonly random?: (() => number) | undefined;
}

/**
 * What the attempt comes to, made again with growing pauses while it throws what passes: unavailable, or
 * resource_exhausted with a time to wait. Anything else is thrown at once, and an abort throws the signal's reason.
 */
export async function patiently<T>(attempt: () => Promise<T>, patience: Patience): Promise<T> {
  const { signal, clock = systemClock, random = Math.random } = patience;
  const backoff = new Backoff({ random });
  for (;;) {
    signal?.throwIfAborted();
    let error: RookeryError;
    try {
      return await attempt();
    } catch (cause) {
      if (signal?.aborted) throw cause;
      error = asRookeryError(cause);
      if (!isTransient(error)) throw error;
    }
    const waitMs = backoff.next(error.retryAfterMs);
    patience.waiting(error, waitMs);
    await pause(waitMs, { signal, clock });
  }
}

function pause(
  ms: number,
  { signal, clock }: { signal: AbortSignal | undefined; clock: Clock },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      cancel();
      reject(signal!.reason);
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
  });
}
