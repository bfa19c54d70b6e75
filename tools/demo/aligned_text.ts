/** Rows as a table of plain text. @module */

/** All rows have the columns of the first; the first column is a name, the others are numbers. */
export function alignedText(rows: readonly object[]): string {
  const columns = Object.keys(rows[0]!);
  const cells = [
    columns,
    ...rows.map((row) => columns.map((name) => `${(row as Record<string, unknown>)[name]}`)),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]!.length)));
  return cells.map((line) =>
    line.map((cell, index) => index === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[index]!)).join(
      "  ",
    )
  ).join("\n");
}
