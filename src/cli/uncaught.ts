/**
 * Errors that nobody caught do not end the server: all that is durable stands behind transactions, and what a single
 * request or connection does is guarded where it is done. But what keeps failing stands on something broken, and a
 * new start costs a moment and loses nothing.
 *
 * @module
 */
import type { Log } from "../chat/ports.ts";
import type { UncaughtCounts } from "../metrics/sources.ts";

/** What keeps failing stands on something broken. */
export class TooManyErrors extends Error {
  override readonly name = "TooManyErrors";
}

export interface Uncaught extends Disposable {
  /** Since the start, by kind. */
  readonly counts: UncaughtCounts;
  /** Settles when errors repeat so fast that a new start is better than to go on. */
  readonly tooMany: Promise<TooManyErrors>;
}

const ERRORS_MAX = 10;
const SPAN_MS = 60_000;

/** Reports them from now on, until disposed. */
export function watchUncaught(log: Log): Uncaught {
  const counts = { unhandled_rejection: 0, uncaught_error: 0 };
  const { promise: tooMany, resolve } = Promise.withResolvers<TooManyErrors>();
  let times: number[] = [];
  const seen = (event: keyof typeof counts, error: unknown) => {
    counts[event]++;
    log.report(event, { error });
    const nowMs = performance.now();
    times = [...times.filter((atMs) => nowMs - atMs < SPAN_MS), nowMs].slice(-ERRORS_MAX);
    if (times.length < ERRORS_MAX) return;
    resolve(new TooManyErrors(`${ERRORS_MAX} errors that nobody caught within ${SPAN_MS / 1000} s`));
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    seen("unhandled_rejection", event.reason);
  };
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    seen("uncaught_error", event.error ?? event.message);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  return {
    counts,
    tooMany,
    [Symbol.dispose]() {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onError);
    },
  };
}
