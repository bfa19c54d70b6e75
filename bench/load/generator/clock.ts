/** One clock for all processes of a machine. @module */

/** Microseconds since 1970 UTC, monotonic within a process. */
export function nowUs(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
