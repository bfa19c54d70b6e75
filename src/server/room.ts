/** How much may wait unsent for one peer. @module */
import type { Limits } from "../chat/limits.ts";

/**
 * Bytes for each of so many sockets. Many peers that all read nothing must not
 * take all memory, so they share a whole; each can take one more frame at least.
 */
export function roomOf(
  sockets: number,
  { unsentBytes, unsentBytesTotal, frameBytes }: Pick<
    Limits,
    "unsentBytes" | "unsentBytesTotal" | "frameBytes"
  >,
): number {
  const share = Math.floor(unsentBytesTotal / Math.max(1, sockets));
  return Math.min(unsentBytes, Math.max(frameBytes, share));
}
