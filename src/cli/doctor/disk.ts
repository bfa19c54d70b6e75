/** How fast the disk stores, which is how fast a message can be acknowledged. @module */
import { measureCommits } from "../../store/mod.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import type { Workplace } from "./workplace.ts";

const COMMITS = 200;
const MAX_MS = 3000;
/** People notice. */
const SLOW_MS = 25;
const UNUSABLE_MS = 250;
/** No disk that waits for its own cells is as fast. */
const TOO_FAST_MS = 0.04;

export function examineDisk({ base, path }: Workplace): Finding {
  const tookMs = measureCommits(`${path}/commits.db`, { count: COMMITS, maxMs: MAX_MS });
  return judgeDisk(base, tookMs);
}

/** What the times of single transactions mean. */
export function judgeDisk(base: string, tookMs: readonly number[]): Finding {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  const [median, p99] = [at(0.5), at(0.99)];
  const rate = Math.round(1000 / median).toLocaleString("en-US");
  const found =
    `${sorted.length} transactions at ${base}: median ${shown(median)}, p99 ${shown(p99)}; so a message ` +
    `waits that long at least, and one after the other ${rate} a second are stored (those that wait share one)`;
  if (median > UNUSABLE_MS) {
    return problem(
      "disk",
      found,
      "Put the data folder on an SSD of this machine: the chat would feel broken",
    );
  }
  if (median > SLOW_MS || p99 > UNUSABLE_MS) {
    return warning(
      "disk",
      found,
      "Messages appear late at times: a faster disk, or one that is shared less, helps",
    );
  }
  if (median < TOO_FAST_MS) {
    return warning(
      "disk",
      found,
      "That is as fast as memory: unless the disk has a battery it may lie about what it has stored, and a power cut takes messages",
    );
  }
  return ok("disk", found);
}

function shown(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
}
