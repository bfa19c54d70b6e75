/** How much may wait unsent for all peers together. @module */
import type { Limits } from "../../chat/limits.ts";

/**
 * Many peers that all read nothing must not take all memory. Until half of
 * the whole is used, everybody may have a socket's full measure; from then on
 * everybody has an equal share, and room for one more frame at least.
 */
export class SendBudget {
  readonly #limits: Pick<Limits, "unsentBytes" | "unsentBytesTotal" | "frameBytes">;
  #sockets = 0;
  #used = 0;

  constructor(limits: Pick<Limits, "unsentBytes" | "unsentBytesTotal" | "frameBytes">) {
    this.#limits = limits;
  }

  /** Bytes that one socket may leave unsent now. */
  get bytes(): number {
    const { unsentBytes, unsentBytesTotal, frameBytes } = this.#limits;
    if (this.#used < unsentBytesTotal / 2) return unsentBytes;
    return Math.min(unsentBytes, Math.max(frameBytes, Math.floor(unsentBytesTotal / this.#sockets)));
  }

  /** Bytes that wait unsent for all sockets, as they were looked at last. */
  get used(): number {
    return this.#used;
  }

  join(): void {
    this.#sockets++;
  }

  /** A socket is gone, with what it had unsent. */
  leave(unsent: number): void {
    this.#sockets--;
    this.#used -= unsent;
  }

  /** A socket has another amount unsent than when it was looked at last. */
  change(before: number, now: number): void {
    this.#used += now - before;
  }
}
