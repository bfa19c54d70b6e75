/** The whole result of a run, and what must be said about it. @module */
import type { Report, Row } from "../lab/row.ts";

const BUSY = 0.8;
const LATE_MS = 5;
const OURS = "Rookery";

export interface RunFacts {
  readonly scenario: string;
  readonly description: string;
  readonly machine: Report["machine"];
  readonly command: string;
  readonly started: string;
}

export function reportOf(facts: RunFacts, rows: readonly Row[]): Report {
  const ours = rows.filter(({ server }) => server === OURS);
  const sum = (of: (row: Row) => number | undefined) => ours.reduce((all, row) => all + (of(row) ?? 0), 0);
  const p99s = ours.flatMap(({ p99_ms }) => p99_ms ?? []);
  return {
    ...facts,
    ...(p99s.length > 0 ? { p99_ms: Math.max(...p99s) } : {}),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    reordered: sum(({ reordered }) => reordered),
    rows,
    warnings: rows.flatMap(warningsOf),
  };
}

/** What makes a row say less about the server than it seems. */
export function warningsOf({ label, generator_cpu, generator_late_p99_ms, cut_off }: Row): string[] {
  const warnings: string[] = [];
  if (generator_cpu !== undefined && generator_cpu > BUSY) {
    const share = Math.round(generator_cpu * 100);
    warnings.push(
      `${label}: the generator was busy ${share} % of the time, so a part of the latency is its own`,
    );
  }
  if (generator_late_p99_ms !== undefined && generator_late_p99_ms > LATE_MS) {
    warnings.push(`${label}: the generator itself sent up to ${generator_late_p99_ms} ms late (p99)`);
  }
  if (cut_off) warnings.push(`${label}: the server ended ${cut_off} connections`);
  return warnings;
}
