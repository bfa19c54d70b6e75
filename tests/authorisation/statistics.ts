/** Whether two samples of times come from the same distribution. @module */

/** A difference of the medians of this share of them, or more, is one that a network could show. */
const EFFECT = 0.15;
const SIGNIFICANCE = 0.001;
const PERMUTATIONS = 2000;

export interface Comparison {
  /** Difference of the medians, as a share of their mean. */
  readonly effect: number;
  /** How often chance alone makes a difference as large. */
  readonly p: number;
  readonly distinguishable: boolean;
}

/**
 * Compares two samples by a permutation test on the difference of their medians (Good, Permutation Tests, 2000).
 * They count as distinguishable when the difference is both significant and large. `seed` makes it repeatable.
 */
export function compare(a: readonly number[], b: readonly number[], seed = 1): Comparison {
  const observed = Math.abs(median(a) - median(b));
  const effect = observed / ((median(a) + median(b)) / 2);
  const pool = Float64Array.of(...a, ...b);
  const random = mulberry32(seed);
  let asLarge = 0;
  for (let round = 0; round < PERMUTATIONS; round++) {
    for (let at = pool.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [pool[at], pool[other]] = [pool[other]!, pool[at]!];
    }
    const difference = Math.abs(middleOf(pool.slice(0, a.length)) - middleOf(pool.slice(a.length)));
    if (difference >= observed) asLarge++;
  }
  const p = (asLarge + 1) / (PERMUTATIONS + 1);
  return { effect, p, distinguishable: effect > EFFECT && p < SIGNIFICANCE };
}

export function median(values: readonly number[]): number {
  return middleOf(Float64Array.from(values));
}

/** The median of values that may be put in order. */
function middleOf(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

/** Numbers from 0 to 1, the same for the same seed. */
export function mulberry32(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
