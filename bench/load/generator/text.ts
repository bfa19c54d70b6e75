/**
 * What a load generator's messages say: when they were to be sent, and whether
 * that was in the measured time, so that every process can tell the latency of
 * every message by itself.
 *
 *     m1764031234567123 and then a filling
 *
 * @module
 */
const MEASURED = "m".charCodeAt(0);
const DIGITS = 16;
const FILLING = " the quick brown fox jumps over the lazy dog and goes on to tell the others";

/** Bytes of the shortest text. */
export const TEXT_BYTES_MIN = 1 + DIGITS;

/** A text of so many bytes, all of them ASCII. */
export function textOf(
  intendedUs: number,
  { measured, bytes }: { measured: boolean; bytes: number },
): string {
  const head = `${measured ? "m" : "w"}${Math.floor(intendedUs).toString().padStart(DIGITS, "0")}`;
  const more = Math.max(0, bytes - head.length);
  return head + FILLING.repeat(Math.ceil(more / FILLING.length)).slice(0, more);
}

/** Intended time of a measured message, microseconds; 0 for one of the warm-up. */
export function intendedUsOf(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== MEASURED) return 0;
  let us = 0;
  for (let digit = at + 1; digit <= at + DIGITS; digit++) us = us * 10 + bytes[digit]! - 48;
  return us;
}
