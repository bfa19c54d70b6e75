/**
 * HalfSipHash of texts: a short keyed hash in 32-bit arithmetic, cheap enough for each message. Nobody without the key
 * can find two texts of one hash but by trying; that is all it is for.
 *
 * Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012, and its reference
 * implementation, `halfsiphash.c`.
 *
 * @module
 */

/** The two halves of a key. */
export type HalfSipKey = readonly [number, number];

/** Rounds for each word of the text, and at its end. */
export interface Rounds {
  readonly each: number;
  readonly last: number;
}

/** HalfSipHash-1-3, as Linux has it for its tables. */
const FAST: Rounds = { each: 1, last: 3 };

/**
 * 32 bits, as a signed integer, of the first `length` bytes. The array has whole words, in the order of the machine's
 * bytes, which is the reference's on all that Deno runs on: the lower first.
 */
export function halfSipHash(
  [k0, k1]: HalfSipKey,
  { words, length }: { readonly words: Int32Array; readonly length: number },
  { each, last }: Rounds = FAST,
): number {
  let v0 = k0 | 0;
  let v1 = k1 | 0;
  let v2 = k0 ^ 0x6c796765;
  let v3 = k1 ^ 0x74656462;
  const whole = length >>> 2;
  const odd = length & 3;
  const rest = odd === 0 ? 0 : words[whole]! & (1 << 8 * odd) - 1;
  for (let at = 0; at <= whole + 1; at++) {
    const ends = at > whole;
    const word = at < whole ? words[at]! : ends ? 0 : rest | length << 24;
    if (ends) v2 ^= 0xff;
    v3 ^= word;
    for (let rounds = ends ? last : each; rounds > 0; rounds--) {
      v0 = v0 + v1 | 0;
      v1 = (v1 << 5 | v1 >>> 27) ^ v0;
      v0 = v0 << 16 | v0 >>> 16;
      v2 = v2 + v3 | 0;
      v3 = (v3 << 8 | v3 >>> 24) ^ v2;
      v0 = v0 + v3 | 0;
      v3 = (v3 << 7 | v3 >>> 25) ^ v0;
      v2 = v2 + v1 | 0;
      v1 = (v1 << 13 | v1 >>> 19) ^ v2;
      v2 = v2 << 16 | v2 >>> 16;
    }
    v0 ^= word;
  }
  return v1 ^ v3;
}
