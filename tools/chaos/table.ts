/** The result, for people and for programs. @module */
import { alignedText } from "../demo/aligned_text.ts";
import { countOf, FAULTS } from "../demo/findings.ts";
import type { ChaosResult } from "./chaos.ts";
import type { Round } from "./round.ts";

export interface Summary {
  readonly seed: number;
  readonly seconds: number;
  readonly worlds: number;
  /** One for each fault, and one for all. */
  readonly rows: readonly Row[];
  /** How the faults were made, and why some were not. */
  readonly notes: readonly string[];
  readonly findings: readonly string[];
  readonly broken?: string;
  readonly evidence?: string;
  readonly ok: boolean;
}

export type Row = Readonly<Record<string, string | number>>;

const SHOWN_FINDINGS = 20;

export function summarize(
  { rounds, worlds, broken, evidence }: ChaosResult,
  { seed, seconds, notes }: Pick<Summary, "seed" | "seconds" | "notes">,
): Summary {
  const names = [...new Set(rounds.map(({ fault }) => fault))].sort();
  const findings = rounds.flatMap(({ fault: during, findings }) =>
    findings.map(({ fault, count, format, what }) => `${during}: ${fault} ${count} (${format}) ${what}`)
  );
  return {
    seed,
    seconds: Math.round(seconds * 10) / 10,
    worlds,
    rows: [
      ...names.map((name) => rowOf(name, rounds.filter(({ fault }) => fault === name))),
      rowOf("all", rounds),
    ],
    notes,
    findings,
    ...(broken === undefined ? {} : { broken }),
    ...(evidence === undefined ? {} : { evidence }),
    ok: findings.length === 0 && broken === undefined,
  };
}

function rowOf(fault: string, rounds: readonly Round[]): Row {
  const sum = (name: keyof Round["tally"]) => rounds.reduce((total, { tally }) => total + tally[name], 0);
  const findings = rounds.flatMap((round) => round.findings);
  return {
    fault,
    rounds: rounds.length,
    felt: rounds.filter(({ felt }) => felt).length,
    sent: sum("sent"),
    acknowledged: sum("acknowledged"),
    refused: sum("refused"),
    delivered: sum("delivered"),
    ...Object.fromEntries(FAULTS.map((name) => [name, countOf(findings, name)])),
    gaps: sum("gaps"),
    reconnects: sum("reconnects"),
    reloads: sum("reloads"),
    "back s": Math.round(Math.max(0, ...rounds.map(({ backS }) => backS)) * 10) / 10,
  };
}

export function tableText(summary: Summary): string {
  const { rows, notes, findings, broken, evidence, seconds, worlds, seed, ok } = summary;
  const more = findings.length - SHOWN_FINDINGS;
  return [
    alignedText(rows),
    "",
    ...notes,
    `worlds   ${worlds}`,
    `time     ${seconds.toFixed(1)} s`,
    `seed     ${seed}`,
    ...(broken === undefined ? [] : ["", "The server:", `  ${broken.replaceAll("\n", "\n  ")}`]),
    ...(findings.length === 0 ? [] : ["", "What is wrong:"]),
    ...findings.slice(0, SHOWN_FINDINGS).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(evidence === undefined ? [] : ["", `Data, log and what the clients held: ${evidence}`]),
    "",
    ok
      ? "Nothing that was acknowledged is missing, nothing is doubled or reordered, and everybody has it."
      : `Not as promised. Again: --seed ${seed}`,
  ].join("\n");
}
