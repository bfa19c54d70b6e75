import type { Report } from "../lab/row.ts";
export function htmlOf(report: Report): string {
  return JSON.stringify(report);
}
