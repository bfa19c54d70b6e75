/** One clock for all processes of a machine. @module */

/** Microseconds since 1970 UTC, monotonic within a process. */
export function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

/** Which second since then has just ended, from 0. */
export function secondEnded(us: number, sinceUs: number): number {
  return Math.round((us - sinceUs) / 1e6) - 1;
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
