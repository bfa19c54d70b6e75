/**
 * The load lab: `deno task load SCENARIO`. Puts a load on a server of its own
 * and tells how it did: a table, JSON, or a report with charts.
 *
 * @module
 */
import { complain, OptionError } from "../../tools/options.ts";
import { ATTACKS } from "./attacks.ts";
import { dealCores, describeMachine } from "./lab/machine.ts";
import type { Row } from "./lab/row.ts";
import type { Setting } from "./lab/setting.ts";
import { OPTIONS_HELP, readCommandLine } from "./options.ts";
import { htmlOf } from "./report/html.ts";
import { Progress } from "./report/progress.ts";
import { reportOf } from "./report/report.ts";
import { tableOf } from "./report/table.ts";
import { SCENARIOS } from "./scenarios/mod.ts";

async function main(args: readonly string[]): Promise<number> {
  const { scenario: name, options, help } = readCommandLine(args);
  if (help) {
    console.log(helpText());
    return 0;
  }
  if (name === undefined) throw new OptionError("Which scenario? (see --help)");
  const scenario = SCENARIOS[name];
  if (!scenario) throw new OptionError(`No scenario '${name}' (see --help)`);
  const cores = dealCores(options.pin);
  const setting: Setting = {
    cores,
    server: { cores: cores.server, denoFlags: options.denoFlags },
    processes: options.processes ?? Math.max(1, navigator.hardwareConcurrency - 1),
    progress: new Progress(Deno.stderr.isTerminal()),
  };
  const facts = {
    scenario: name,
    description: scenario.summary,
    machine: describeMachine(cores),
    command: `deno task load ${args.join(" ")}`,
    started: new Date().toISOString(),
  };
  const rows: Row[] = [];
  for (let run = 1; run <= options.runs; run++) {
    for await (const row of scenario.run(options, setting)) {
      rows.push(options.runs > 1 ? { ...row, label: `${row.label} (${run})` } : row);
      if (!options.json) console.error(tableOf([rows.at(-1)!]).at(-1));
    }
  }
  const report = reportOf(facts, rows);
  if (options.html !== undefined) await Deno.writeTextFile(options.html, htmlOf(report));
  if (options.json) console.log(JSON.stringify(report));
  else console.log(["", ...tableOf(rows), "", ...report.warnings.map((text) => `Note: ${text}`)].join("\n"));
  return report.lost + report.doubled + report.reordered === 0 ? 0 : 1;
}

function helpText(): string {
  const scenarios = Object.entries(SCENARIOS).map(([name, { summary }]) => [name, summary] as const);
  const attacks = Object.entries(ATTACKS).map(([name, { label }]) => [name, label] as const);
  return `Usage: deno task load SCENARIO [options]

Scenarios:
${linesOf(scenarios)}

${OPTIONS_HELP}

Attacks:
${linesOf(attacks)}

The exit code is 1 when anything was lost, doubled or reordered.`;
}

function linesOf(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join("\n");
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main(Deno.args);
  } catch (error) {
    Deno.exitCode = complain("load", error);
  }
}
