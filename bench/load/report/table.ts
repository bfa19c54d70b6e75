/** Rows as a table on the terminal. @module */
import type { Row } from "../lab/row.ts";

interface Column {
  readonly title: string;
  cell(row: Row): string;
}

const COLUMNS: readonly Column[] = [
  { title: "", cell: ({ label }) => label },
  { title: "deliveries/s", cell: ({ deliveries_per_s }) => whole(deliveries_per_s) },
  { title: "p50", cell: ({ p50_ms }) => ms(p50_ms) },
  { title: "p90", cell: ({ p90_ms }) => ms(p90_ms) },
  { title: "p95", cell: ({ p95_ms }) => ms(p95_ms) },
  { title: "p99", cell: ({ p99_ms }) => ms(p99_ms) },
  { title: "p99.9", cell: ({ p999_ms }) => ms(p999_ms) },
  { title: "max", cell: ({ max_ms }) => ms(max_ms) },
  { title: "lost", cell: ({ lost }) => whole(lost) },
  { title: "doubled", cell: ({ doubled }) => whole(doubled) },
  { title: "reordered", cell: ({ reordered }) => whole(reordered) },
  { title: "reloads", cell: ({ reloads }) => whole(reloads || undefined) },
  { title: "cut off", cell: ({ cut_off }) => whole(cut_off) },
  { title: "server", cell: ({ server_cpu }) => percent(server_cpu) },
  { title: "load", cell: ({ generator_cpu }) => percent(generator_cpu) },
  { title: "B/delivery", cell: ({ bytes_per_delivery }) => one(bytes_per_delivery) },
  { title: "per frame", cell: ({ deliveries_per_frame }) => one(deliveries_per_frame) },
  { title: "MB", cell: ({ rss_mb }) => whole(rss_mb === undefined ? undefined : Math.round(rss_mb)) },
  { title: "report/s", cell: ({ report }) => whole(report?.deliveries_per_s) },
  { title: "report p99", cell: ({ report }) => ms(report?.p99_ms) },
];

/** Cells by line, titles first; columns that no row has are left out, the scenario's own numbers stand at the end. */
export function cellsOf(rows: readonly Row[]): string[][] {
  const extra = [...new Set(rows.flatMap(({ extra = {} }) => Object.keys(extra)))];
  const columns: Column[] = [
    ...COLUMNS,
    ...extra.map((key) => ({
      title: key.replaceAll("_", " "),
      cell: (row: Row) => shown(row.extra?.[key]),
    })),
  ];
  const used = columns.filter(({ cell }) => rows.some((row) => cell(row) !== ""));
  return [used.map(({ title }) => title), ...rows.map((row) => used.map(({ cell }) => cell(row)))];
}

/** The cells as lines of text. */
export function tableOf(rows: readonly Row[]): string[] {
  const cells = cellsOf(rows);
  const widths = cells[0]!.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  return cells.map((line) =>
    line.map((cell, at) => at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)).join("  ")
      .trimEnd()
  );
}

/** Milliseconds with as many decimals as matter. */
export function ms(value: number | undefined): string {
  if (value === undefined) return "";
  return `${value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} ms`;
}

export function whole(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en");
}

export function percent(value: number | undefined): string {
  return value === undefined ? "" : `${Math.round(value * 100)} %`;
}

function one(value: number | undefined): string {
  return value === undefined || value === 0 ? "" : value.toFixed(1);
}

function shown(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "number" ? value.toLocaleString("en") : String(value);
}
