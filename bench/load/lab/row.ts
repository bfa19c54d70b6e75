/** What a measurement tells. Names as they stand in the JSON. @module */

/** Quantiles of a latency, milliseconds. */
export interface Latency {
  readonly p50_ms: number;
  readonly p90_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly p999_ms: number;
  readonly max_ms: number;
}

/** One second of a measurement. */
export interface Moment {
  /** Since the beginning of the measured time; negative in the warm-up. */
  readonly second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly deliveries: number;
  /** Share of one core. */
  readonly server_cpu: number;
  readonly generator_cpu: number;
  readonly rss_mb: number;
}

/** One load on one server. */
export interface Row extends Partial<Latency> {
  readonly label: string;
  /** Which program was under load. */
  readonly server: string;
  readonly users?: number;
  /** Offered deliveries a second. */
  readonly offered_per_s?: number;
  readonly deliveries_per_s?: number;
  /** Messages that were sent in the measured time. */
  readonly sent?: number;
  readonly expected?: number;
  readonly received?: number;
  readonly lost?: number;
  readonly doubled?: number;
  readonly reordered?: number;
  /** Times that the server told a reader who was too slow to load the channel anew: what it skipped counts as lost. */
  readonly reloads?: number;
  /** Connections that the server ended. */
  readonly cut_off?: number;
  /** Share of one core. */
  readonly server_cpu?: number;
  /** Share of one core that the generators had something to do. */
  readonly generator_cpu?: number;
  /** How late the generator itself sent. */
  readonly generator_late_p99_ms?: number;
  readonly bytes_per_delivery?: number;
  readonly deliveries_per_frame?: number;
  readonly rss_mb?: number;
  /** Commands per commit: how many batches had at most so many; null for those with more. */
  readonly batches?: readonly { readonly at_most: number | null; readonly count: number }[];
  readonly timeline?: readonly Moment[];
  /** What the report on the Python server had with as many users, as far as it tells. */
  readonly report?: { readonly deliveries_per_s: number; readonly p99_ms?: number };
  /** Further numbers of the scenario's own. */
  readonly extra?: Readonly<Record<string, number | string | boolean>>;
}

export interface Report {
  readonly scenario: string;
  readonly description: string;
  readonly machine: Readonly<Record<string, string | number | boolean>>;
  readonly command: string;
  readonly started: string;
  /** The worst of all rows that are Rookery's. */
  readonly p99_ms?: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly rows: readonly Row[];
  readonly warnings: readonly string[];
}

/** To two decimals. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
