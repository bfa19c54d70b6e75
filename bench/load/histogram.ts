/** Percentiles of many times, in little memory. @module */

const STEP_MS = 0.02;
const STEPS = 1_000_000;

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Times from 0 to 20 s to within 0.02 ms; longer ones count as 20 s but in the maximum. */
export class Histogram {
  readonly #counts = new Uint32Array(STEPS + 1);
  count = 0;
  #max = 0;

  add(ms: number): void {
    this.#counts[Math.max(0, Math.min(STEPS, Math.floor(ms / STEP_MS)))]!++;
    this.count++;
    if (ms > this.#max) this.#max = ms;
  }

  quantiles(): Quantiles {
    return { p50: this.#at(0.5), p99: this.#at(0.99), p999: this.#at(0.999), max: rounded(this.#max) };
  }

  #at(share: number): number {
    const wanted = Math.ceil(this.count * share);
    let seen = 0;
    for (let step = 0; step <= STEPS; step++) {
      seen += this.#counts[step]!;
      if (seen >= wanted) return rounded((step + 1) * STEP_MS);
    }
    return 0;
  }
}

/** To two decimals. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
