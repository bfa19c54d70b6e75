/** What can be wrong in the end. @module */
import type { Format } from "./ledger.ts";

/**
 * - `lost`: acknowledged and not stored, owed and not held, or held differently.
 * - `doubled`: handed over twice, or stored twice.
 * - `reordered`: handed over before an earlier one.
 * - `leaked`: handed over to somebody who was not a member.
 * - `miscounted`: a channel's number of unread messages or mentions is not the database's.
 */
export type Fault = "lost" | "doubled" | "reordered" | "leaked" | "miscounted";

export const FAULTS: readonly Fault[] = ["lost", "doubled", "reordered", "leaked", "miscounted"];

export interface Finding {
  readonly fault: Fault;
  readonly count: number;
  /** Wire format of the client; the store's own faults have none. */
  readonly format: Format | "store";
  /** Whose, where and what, for people. */
  readonly what: string;
}

/** How many there are of a fault, in one format or in all. */
export function countOf(findings: readonly Finding[], fault: Fault, format?: Finding["format"]): number {
  return findings
    .filter((finding) => finding.fault === fault && (format === undefined || finding.format === format))
    .reduce((sum, { count }) => sum + count, 0);
}
