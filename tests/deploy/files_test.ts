/** The files in deploy/ that are not run by a test: what can be checked of them here is. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { EXAMPLES, exampleText } from "../../src/cli/example/files.ts";
import { fillIn } from "../../src/cli/example/fill.ts";
import { loadConfig } from "../../src/config.ts";
import { parseMetrics } from "../metrics/text_format.ts";
import { Rig } from "../server/rig.ts";
import { programPath, programTest } from "./programs.ts";

const FOLDER = new URL("../../deploy/", import.meta.url);
/** Exposure to the system as systemd counts it: from 0 (none) to 10; "OK" begins under 5. */
const EXPOSURE_MAX = 2;
/** What Prometheus and node_exporter have, not Rookery. */
const FOREIGN = ["up", "node_filesystem_avail_bytes", "node_filesystem_size_bytes"];
/** Words of the query language. */
const WORDS = [
  "by",
  "sum",
  "rate",
  "increase",
  "changes",
  "histogram_quantile",
  "predict_linear",
  "and",
  "or",
  "le",
];

function shipped(name: string): Promise<string> {
  return exampleText(EXAMPLES.find((file) => file.name === name)!);
}

async function run(program: string, args: string[]): Promise<{ success: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(programPath(program)!, {
    args,
    env: { NO_COLOR: "1", SYSTEMD_COLORS: "0" },
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "rookery_deploy_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("every shipped file can be printed, and says what it is", async () => {
  const shippedNames = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    // Docker reads it beside the Dockerfile of a checkout only.
    .filter((name) => name !== "Dockerfile.dockerignore");
  deepEqual(EXAMPLES.map(({ file }) => file).sort(), shippedNames.sort());
  for (const { name, file } of EXAMPLES) {
    const text = await exampleText({ name, file, summary: "" });
    if (file.endsWith(".json")) JSON.parse(text);
    else match(text, /^# /, name);
    ok(text.endsWith("\n") && !/[ \t]$/m.test(text), name);
  }
});

Deno.test("the service's command line is one that the server takes", async () => {
  const unit = await shipped("systemd");
  const [, line] = /^ExecStart=\/usr\/local\/bin\/rookery serve ((?:.*\\\n)*.*)$/m.exec(unit)!;
  const args = line!.replaceAll("\\\n", " ").split(/\s+/);
  const config = loadConfig({ args, env: () => undefined, readFile: () => "" });
  equal(config.data, "/var/lib/rookery");
  equal(config.url, "https://chat.example.org");
  deepEqual(config.trustedProxies, ["127.0.0.1"]);
  const backup = await shipped("backup-service");
  match(
    backup,
    /^ExecStart=\/usr\/local\/bin\/rookery backup \/var\/backups\/rookery --data \/var\/lib\/rookery$/m,
  );
});

programTest("the template for upgrades without a pause is the service with --takeover", ["sed"], async () => {
  await using place = await folder();
  const page = await Deno.readTextFile(new URL("../docs/upgrade.md", FOLDER));
  const [, program, script] = /--program (\S+) \|\n\s+sed '([^']+)' > \S+rookery@\.service$/m.exec(page)!;
  const path = `${place.path}/rookery.service`;
  const unit = fillIn(await shipped("systemd"), { program: program! });
  await Deno.writeTextFile(path, unit);
  const { output } = await run("sed", [script!, path]);
  const [, started, line] = /^ExecStart=(\S+) serve ((?:.*\\\n)*.*)$/m.exec(output)!;
  equal(started, "/opt/rookery-%i/rookery");
  const args = line!.replaceAll("\\\n", " ").split(/\s+/);
  equal(loadConfig({ args, env: () => undefined, readFile: () => "" }).takeover, true);
  match(output, /^Restart=on-failure$/m, "what has been taken over from must stay down");
  equal(output.split("\n").length, unit.split("\n").length);
});

programTest("systemd takes the units, and finds them well shut in", ["systemd-analyze"], async () => {
  await using place = await folder();
  // It wants programs that exist.
  const program = `${place.path}/rookery`;
  await Deno.copyFile("/bin/true", program);
  for (const name of ["systemd", "backup-service", "backup-timer"] as const) {
    const { file } = EXAMPLES.find((candidate) => candidate.name === name)!;
    await Deno.writeTextFile(`${place.path}/${file}`, fillIn(await shipped(name), { program }));
  }
  for (const file of ["rookery.service", "rookery-backup.service", "rookery-backup.timer"]) {
    const { success, output } = await run("systemd-analyze", ["verify", "--man=no", `${place.path}/${file}`]);
    // Units of the system's own may have faults, too.
    const own = output.split("\n").filter((line) => line.includes("rookery"));
    deepEqual(own, [], output);
    ok(success, output);
  }
  for (const file of ["rookery.service", "rookery-backup.service"]) {
    const args = [
      "security",
      "--offline=yes",
      "--no-pager",
      `--threshold=${EXPOSURE_MAX * 10}`,
      `${place.path}/${file}`,
    ];
    const { success, output } = await run("systemd-analyze", args);
    ok(success, output);
    match(output, /Overall exposure level for \S+: [0-9.]+ /, output);
  }
});

programTest("Prometheus takes its configuration and the alert rules", ["promtool"], async () => {
  await using place = await folder();
  for (const file of ["prometheus.yml", "alerts.yml"]) {
    await Deno.copyFile(new URL(file, FOLDER), `${place.path}/${file}`);
  }
  for (
    const args of [["check", "config", `${place.path}/prometheus.yml`], [
      "check",
      "rules",
      `${place.path}/alerts.yml`,
    ]]
  ) {
    const { success, output } = await run("promtool", args);
    ok(success, output);
  }
});

Deno.test("every metric in alerts and dashboard exists, and none is used as what it is not", async () => {
  await using rig = await Rig.start({ settings: { metricsPort: 0 } });
  const response = await fetch(`http://127.0.0.1:${rig.app.metricsPort}/metrics`);
  const families = parseMetrics(await response.text());
  const series = new Set(
    [...families.values()].flatMap(({ samples }) => [...samples.keys()].map((key) => key.split("{")[0]!)),
  );
  const expressions = [...await alertExpressions(), ...await dashboardExpressions()];
  ok(expressions.length > 30);
  for (const expression of expressions) {
    for (const name of namesIn(expression)) {
      ok(series.has(name) || FOREIGN.includes(name), `${name} in ${expression}`);
    }
    for (const [, name] of expression.matchAll(/\b(?:rate|increase)\((\w+)/g)) {
      match(name!, /_(total|bucket|sum|count)$/, `${name} grows only, in ${expression}`);
    }
  }
  // Reasons and classes, too, have to be ones that there are.
  const labels = [...families.values()].flatMap(({ samples }) => [...samples.keys()]).join("\n");
  for (const [, reasons] of expressions.join("\n").matchAll(/reason=~?"([^"]+)"/g)) {
    for (const reason of reasons!.split("|")) ok(labels.includes(`reason="${reason}"`), reason);
  }
});

/** Without labels, durations, functions and numbers. */
function namesIn(expression: string): string[] {
  const bare = expression.replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, " ");
  return [...bare.matchAll(/\b[a-z_][a-z0-9_]*\b/g)].map(([name]) => name).filter((name) =>
    !WORDS.includes(name)
  );
}

async function alertExpressions(): Promise<string[]> {
  const text = await shipped("alerts");
  const alerts = text.split(/^ {6}- alert: /m).slice(1);
  for (const alert of alerts) {
    match(alert, /^Rookery[A-Za-z]+\n/);
    match(alert, /^ {8}labels: \{ severity: (critical|warning) \}$/m);
    match(alert, /^ {10}summary: .+\n {10}description: .+$/m);
  }
  equal(new Set(alerts.map((alert) => alert.split("\n")[0])).size, alerts.length);
  return alerts.map((alert) => /^ {8}expr: (?:>-\n((?: {10}.+\n)+)|(.+))/m.exec(alert)!).map((
    [, folded, plain],
  ) => plain ?? folded!.replaceAll(/\s+/g, " ").trim());
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string }[];
}

async function dashboardExpressions(): Promise<string[]> {
  const { panels } = JSON.parse(await shipped("grafana")) as { panels: Panel[] };
  equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const { title, gridPos } of panels) ok(title && gridPos.x + gridPos.w <= 24);
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}
