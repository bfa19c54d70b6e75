/** The result, for people and for programs. @module */
import { alignedText } from "./aligned_text.ts";
import type { DemoResult } from "./demo.ts";
import { countOf, type Fault, FAULTS } from "./findings.ts";
import type { Format } from "./ledger.ts";
import { scriptsIn } from "./scripts.ts";

const FORMATS: readonly Format[] = ["proto", "json"];
const SHOWN_FINDINGS = 20;

/** The numbers of a run; those per format stand under its name, those of all under "total". */
export interface Summary {
  readonly seed: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly restarts: number;
  readonly scripts: readonly string[];
  readonly longestMessageBytes: number;
  readonly findings: readonly string[];
  readonly serverLog: readonly string[];
  readonly ok: boolean;
}

export interface Row {
  readonly format: Format | "total";
  readonly clients: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly delivered: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly leaked: number;
  readonly miscounted: number;
  readonly reconnects: number;
  readonly reloads: number;
}

export function summarize(result: DemoResult, { seed, seconds }: { seed: number; seconds: number }): Summary {
  const { findings, records, restarts, complaints } = result;
  const texts = records.flatMap(({ commands }) => commands.flatMap(({ text }) => text ?? []));
  const encoder = new TextEncoder();
  return {
    seed,
    seconds: Math.round(seconds * 10) / 10,
    rows: [...FORMATS, undefined].map((format) => rowOf(result, format)),
    restarts,
    scripts: scriptsIn(texts),
    longestMessageBytes: texts.reduce((longest, text) => Math.max(longest, encoder.encode(text).length), 0),
    findings: findings.map(({ fault, count, format, what }) => `${fault} ${count} (${format}) ${what}`),
    serverLog: complaints,
    ok: findings.length === 0,
  };
}

function rowOf({ records, findings }: DemoResult, format: Format | undefined): Row {
  const own = records.filter((record) => format === undefined || record.format === format);
  const sum = (count: (record: DemoResult["records"][number]) => number) =>
    own.reduce((total, record) => total + count(record), 0);
  const faults = Object.fromEntries(FAULTS.map((fault) => [fault, countOf(findings, fault, format)]));
  return {
    format: format ?? "total",
    clients: own.length,
    sent: sum(({ commands }) => commands.length),
    acknowledged: sum(({ commands }) => commands.filter(({ status }) => status === "acknowledged").length),
    refused: sum(({ commands }) => commands.filter(({ status }) => status === "refused").length),
    delivered: sum(({ segments }) => segments.reduce((total, { events }) => total + events.length, 0)),
    ...faults as Pick<Row, Fault>,
    reconnects: sum(({ stats }) => Math.max(0, stats.connections - 1)),
    reloads: sum(({ stats }) => stats.reloads),
  };
}

export function tableText(summary: Summary): string {
  const { rows, findings, serverLog, scripts, longestMessageBytes, restarts, seconds, seed, ok } = summary;
  const lines = [alignedText(rows)];
  lines.push("");
  lines.push(`restarts after SIGKILL  ${restarts}`);
  lines.push(`longest message         ${longestMessageBytes} bytes`);
  lines.push(`scripts seen            ${scripts.length}: ${scripts.join(", ")}`);
  lines.push(`time                    ${seconds.toFixed(1)} s`);
  lines.push(`seed                    ${seed}`);
  lines.push(...excerpt("What the server complained of:", serverLog), ...excerpt("What is wrong:", findings));
  lines.push("", ok ? "Nothing was lost, doubled or reordered." : `Not as promised. Again: --seed ${seed}`);
  return lines.join("\n");
}

function excerpt(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - SHOWN_FINDINGS;
  return ["", title, ...lines.slice(0, SHOWN_FINDINGS).map((line) => `  ${line}`)]
    .concat(more > 0 ? [`  and ${more} more`] : []);
}
