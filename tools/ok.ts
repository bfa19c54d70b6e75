/**
 * The gate: everything that must hold before a change goes in, one line a
 * step. `--skip-tests` leaves the tests out, `--ci` adds what is slow.
 *
 * @module
 */
import { staleConfigFiles } from "./config_docs.ts";
import { DESCRIPTION, staleFiles } from "./gen.ts";
import { buf, checkDescription } from "./large/packages.ts";
import { type Finished, ROOT, run, runDeno } from "./process.ts";
import { runTests, TYPED } from "./test.ts";

interface Step {
  readonly name: string;
  /** Undefined when there is nothing to check here. */
  readonly check: () => Promise<StepResult | undefined>;
}

interface StepResult extends Finished {
  /** For steps that are more than one check. */
  readonly counts?: { readonly passed: number; readonly failed: number };
}

const STEPS: readonly Step[] = [
  { name: "format", check: () => runDeno(["fmt", "--check"]) },
  { name: "lint", check: () => runDeno(["lint"]) },
  {
    name: "types",
    check: () => runDeno(["check", "--quiet", ...TYPED]),
  },
  { name: "generated code", check: checkGenerated },
  { name: "configuration page and permissions", check: checkConfigDocs },
  { name: "OpenAPI and AsyncAPI", check: () => checkDescription(`${ROOT}/${DESCRIPTION}`) },
  { name: "proto lint", check: () => buf(["lint"]) },
  { name: "proto compatible", check: checkCompatible },
];

const TESTS: Step = { name: "tests", check: checkTests };

const SLOW_STEPS: readonly Step[] = [
  { name: "compile", check: () => runDeno(["task", "--quiet", "compile", "--check"]) },
  { name: "demo", check: checkDemo },
  { name: "chaos", check: () => runDeno(["task", "--quiet", "chaos", "--seconds", "25"]) },
];

async function checkGenerated(): Promise<Finished> {
  const stale = await staleFiles();
  const lines = stale.map((name) => `${name} is not what proto/ says`);
  return { ok: stale.length === 0, output: [...lines, "Run: deno task gen"].join("\n") };
}

async function checkConfigDocs(): Promise<Finished> {
  const stale = await staleConfigFiles();
  const lines = stale.map((path) => `${path} is not what the table of options says`);
  return { ok: stale.length === 0, output: [...lines, "Run: deno task config-docs"].join("\n") };
}

/** Compares with the last release, so that clients in use go on working. */
async function checkCompatible(): Promise<Finished | undefined> {
  const tag = await run("git", ["describe", "--tags", "--abbrev=0"]);
  if (!tag.ok) return undefined;
  return await buf(["breaking", "--against", `.git#tag=${tag.output.trim()}`]);
}

async function checkTests(): Promise<StepResult> {
  const { passed, failed, output } = await runTests([], false);
  const trouble = output.replaceAll(/^.* \.\.\. ok \(.*\n/gm, "");
  return { ok: failed === 0, output: trouble, counts: { passed, failed } };
}

async function checkDemo(): Promise<Finished | undefined> {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`));
  return tasks.demo === undefined ? undefined : await runDeno(["task", "--quiet", "demo"]);
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== "--skip-tests" && arg !== "--ci");
  if (unknown !== undefined) throw new Error(`Unknown flag ${unknown}; there are --skip-tests and --ci`);
  const steps = [...STEPS];
  if (!args.includes("--skip-tests")) steps.push(TESTS);
  if (args.includes("--ci")) steps.push(...SLOW_STEPS);
  const total = { passed: 0, failed: 0 };
  for (const step of steps) {
    const { passed, failed } = await runStep(step);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  Deno.exitCode = total.failed === 0 ? 0 : 1;
}

async function runStep(step: Step): Promise<{ passed: number; failed: number }> {
  const startMs = performance.now();
  const result = await step.check().catch((error): StepResult => ({ ok: false, output: String(error) }));
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  if (result === undefined) {
    console.log(`skipped  ${step.name} (nothing to compare with)`);
    return { passed: 0, failed: 0 };
  }
  const counts = result.counts ?? { passed: result.ok ? 1 : 0, failed: result.ok ? 0 : 1 };
  const more = result.counts ? `, ${counts.passed} passed, ${counts.failed} failed` : "";
  console.log(`${result.ok ? "ok      " : "FAILED  "} ${step.name} (${seconds} s${more})`);
  if (!result.ok) console.log(result.output.trimEnd().replaceAll(/^/gm, "  "));
  return counts;
}

await main(Deno.args);
