/** How often a measure was how large. @module */

export class Histogram {
  /** Upper bounds of the buckets, inclusive and ascending; what is beyond them all has a bucket, too. */
  readonly bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds } = this;
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at++;
    this.#counts[at]!++;
    this.#sum += value;
  }

  get sum(): number {
    return this.#sum;
  }

  /** Measures up to each bound, then all of them. */
  cumulative(): number[] {
    let count = 0;
    return Array.from(this.#counts, (own) => count += own);
  }
}
