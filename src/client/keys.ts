/** Idempotency keys. @module */

// Ascending in ASCII, so that keys sort as their times do.
const ALPHABET = "0123456789abcdefghijklmnopqrstuv";
const TIME_CHARS = 8;
const RANDOM_CHARS = 14;
/** 2025-01-01 UTC: 40 bits of milliseconds from here last until 2059. */
const ORIGIN_MS = 1_735_689_600_000;

/** A new key: 8 characters of time and 14 random ones, which are 70 bits. */
export function newKey(nowMs: number): string {
  let time = "";
  for (
    let rest = Math.max(0, Math.floor(nowMs) - ORIGIN_MS);
    time.length < TIME_CHARS;
    rest = Math.floor(rest / 32)
  ) {
    time = ALPHABET[rest % 32] + time;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_CHARS));
  return time + Array.from(bytes, (byte) => ALPHABET[byte % 32]).join("");
}

/** Keys that sort in the order in which they were made, also within a millisecond and when the clock is put back. */
export class KeySequence {
  #newestMs = 0;

  /** The next key. */
  next(nowMs: number): string {
    this.#newestMs = Math.max(nowMs, this.#newestMs + 1);
    return newKey(this.#newestMs);
  }

  /** Those to come sort behind this one, if it was made by {@link newKey}. */
  follow(key: string): void {
    if (!/^[0-9a-v]{22}$/.test(key)) return;
    const timeMs = ORIGIN_MS + Number.parseInt(key.slice(0, TIME_CHARS), 32);
    this.#newestMs = Math.max(this.#newestMs, timeMs);
  }
}
