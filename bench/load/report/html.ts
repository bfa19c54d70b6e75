/** The report as one HTML file: no script, no network, light and dark. @module */
import type { Moment, Report, Row } from "../lab/row.ts";
import { barChart, escaped, lineChart, type Series } from "./charts.ts";
import { cellsOf } from "./table.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --faint: #667; --line: #d9dde5; --paper: #fff;
  --c0: #2563a8; --c1: #c2571a; --c2: #2f7d4f; --c3: #8a3f97; --c4: #8a6d1b; --c5: #b3264d }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --faint: #9aa3b2; --line: #343b47; --paper: #14171c;
  --c0: #6ba7e8; --c1: #eb8f5a; --c2: #6cc08e; --c3: #c58ad1; --c4: #d3b765; --c5: #ee7f9e } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 84rem; margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin-bottom: 0.2rem } h2 { font-size: 1.15rem; margin-top: 2.5rem }
p.facts, p.legend, figcaption + p { color: var(--faint) } code { font-size: 0.9em }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: 0.35rem 0.8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
th:first-child, td:first-child { text-align: left; padding-left: 0 } th { font-weight: 600; color: var(--faint) }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: 1.5rem }
figure { margin: 0 } figcaption { font-weight: 600 } p.legend { margin: 0; font-size: 0.85rem }
svg { width: 100%; height: auto } svg line { stroke: var(--line) } svg text { fill: var(--faint); font-size: 11px }
svg text.y { text-anchor: end } svg text.x { text-anchor: middle }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round }
.note { border-left: 3px solid var(--c1); padding-left: 0.8rem }
${
  [0, 1, 2, 3, 4, 5].map((at) =>
    `polyline.c${at} { stroke: var(--c${at}) } circle.c${at}, rect.c${at} { fill: var(--c${at}) } span.c${at} { color: var(--c${at}) }`
  ).join("\n")
}
`;

export function htmlOf(report: Report): string {
  const { scenario, description, machine, command, started, rows, warnings } = report;
  const facts = Object.entries(machine).map(([name, value]) => `${name.replaceAll("_", " ")}: ${value}`).join(
    " · ",
  );
  return `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Rookery under load: ${escaped(scenario)}</title>
<style>${STYLE}</style>
<h1>Rookery under load: ${escaped(scenario)}</h1>
<p>${escaped(description)}</p>
<p class="facts"><code>${escaped(command)}</code> · ${escaped(started)}<br>${escaped(facts)}</p>
${tableHtml(rows)}
${warnings.map((text) => `<p class="note">${escaped(text)}</p>`).join("\n")}
${overUsers(rows)}
${rows.map(details).join("\n")}
</html>
`;
}

function tableHtml(rows: readonly Row[]): string {
  const [head = [], ...body] = cellsOf(rows);
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll"><table><thead>${line(head, "th")}</thead><tbody>${
    body.map((cells) => line(cells, "td")).join("")
  }</tbody></table></div>`;
}

/** Latency over the number of users, a line for each server. */
function overUsers(rows: readonly Row[]): string {
  const measured = rows.filter(({ users, p99_ms }) => users !== undefined && p99_ms !== undefined);
  const servers = [...new Set(measured.map(({ server }) => server))];
  const linesOf = (of: (row: Row) => number): Series[] =>
    servers.map((name) => ({
      name,
      points: measured.filter(({ server }) => server === name).map((row) => [row.users!, of(row)] as const)
        .sort(([a], [b]) => a - b),
    }));
  if (new Set(measured.map(({ users }) => users)).size < 2) return "";
  return `<h2>Over the number of users</h2><div class="charts">${
    lineChart(linesOf((row) => row.p99_ms!), { title: "99th percentile of latency", x: "users", y: "ms" })
  }${lineChart(linesOf((row) => row.p50_ms!), { title: "Median latency", x: "users", y: "ms" })}</div>`;
}

function details({ label, timeline = [], batches = [] }: Row): string {
  const during = timeline.filter(({ second }) => second >= 0);
  const line = (name: string, of: (moment: Moment) => number): Series => ({
    name,
    points: during.map((moment) => [moment.second, of(moment)] as const),
  });
  const charts = [
    lineChart([line("p99", ({ p99_ms }) => p99_ms), line("p50", ({ p50_ms }) => p50_ms)], {
      title: "Latency over time",
      x: "seconds",
      y: "ms",
    }),
    lineChart(
      [
        line("server", ({ server_cpu }) => server_cpu * 100),
        line("load generator", ({ generator_cpu }) => generator_cpu * 100),
      ],
      { title: "Processor", x: "seconds", y: "% of a core" },
    ),
    lineChart([line("server", ({ rss_mb }) => rss_mb)], {
      title: "Memory of the server",
      x: "seconds",
      y: "MB",
    }),
    barChart(
      batches.map(({ at_most, count }) => ({
        label: at_most === null ? "more" : `≤ ${at_most}`,
        value: count,
      })),
      { title: "Commands in one commit", x: "commands", y: "commits" },
    ),
  ].filter((chart) => chart !== "");
  if (charts.length === 0) return "";
  return `<h2>${escaped(label)}</h2><div class="charts">${charts.join("")}</div>`;
}
