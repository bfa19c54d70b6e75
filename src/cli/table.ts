/** Rows under a heading, in columns. @module */
import { cellWidth, neutralLine } from "./chat/text.ts";

/** Lines without trailing blanks; what other people wrote cannot reach the terminal as commands. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heading, ...rows].map((row) => row.map((cell) => neutralLine(cell)));
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => cellWidth(row[column] ?? ""))));
  return cells
    .map((row) => row.map((cell, i) => cell + " ".repeat(widths[i]! - cellWidth(cell))).join("  ").trimEnd())
    .join("\n");
}
