/** Latency by seconds, as HDR histograms that the laboratory adds up. @module */
import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";

/** Three digits from a microsecond to ten minutes. */
export function newHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 600_000_000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });
}

const REHEARSALS = 30;
const REHEARSED_US = 10_000;

export class Timeline {
  readonly #histogram = newHistogram();

  /** Encodes until V8 has compiled that: the first times take milliseconds, in which a generator would hear nothing. */
  rehearse(): void {
    for (let time = 0; time < REHEARSALS; time++) {
      for (let us = 1; us <= REHEARSED_US; us += time + 1) this.record(us);
      this.take();
    }
  }

  /** Takes a latency in microseconds. */
  record(us: number): void {
    this.#histogram.recordValue(us < 1 ? 1 : us > 600_000_000 ? 600_000_000 : Math.round(us));
  }

  /** What was recorded since the last call, encoded; empty when nothing was. */
  take(): string {
    if (this.#histogram.totalCount === 0) return "";
    const encoded = encodeIntoCompressedBase64(this.#histogram);
    this.#histogram.reset();
    return encoded;
  }
}
