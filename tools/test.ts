/**
 * Runs the tests: those of the core without any permission, so that they prove
 * its purity, then all others, and those with browsers, proxies, or a program that is attacked. Arguments beginning with
 * `tests/` select files;
 * any other goes to `deno test`.
 *
 * @module
 */
import { ROOT, runDeno } from "./process.ts";

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

interface Suite {
  readonly flags: string[];
  readonly paths: string[];
}

const CORE = "tests/chat";
/** The driver of the browser, proxies, and whoever looks at another process's memory need what nothing less permits. */
const ALL_PERMITTED = ["tests/deploy", "tests/hostile", "tests/web"];

/** Runs the suites; a suite that cannot even start counts as one failure. */
export async function runTests(args: readonly string[], echo: boolean): Promise<TestCounts> {
  let total: TestCounts = { passed: 0, failed: 0, output: "" };
  for (const suite of suites(args)) {
    const { ok, output } = await runDeno(["test", "--no-prompt", ...suite.flags, ...suite.paths], { echo });
    const { passed, failed } = readCounts(output);
    total = {
      passed: total.passed + passed,
      failed: total.failed + (ok ? failed : Math.max(1, failed)),
      output: total.output + output,
    };
  }
  return total;
}

function suites(args: readonly string[]): Suite[] {
  const chosen = args.filter((arg) => arg.startsWith("tests/"));
  const flags = args.filter((arg) => !chosen.includes(arg));
  const paths = chosen.length > 0 ? chosen : allPaths();
  const under = (...folders: string[]) =>
    paths.filter((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)));
  const [core, free] = [under(CORE), under(...ALL_PERMITTED)];
  const rest = paths.filter((path) => !core.includes(path) && !free.includes(path));
  return [
    { flags: ["--permit-no-files", ...flags], paths: core },
    { flags: ["-P=test", ...flags], paths: rest },
    { flags: ["-A", ...flags], paths: free },
  ].filter((suite) => suite.paths.length > 0);
}

/** Everything in tests/ that holds tests. Deno finds nothing at all when it is told to ignore tests/web. */
function allPaths(): string[] {
  return [...Deno.readDirSync(`${ROOT}/tests`)]
    .filter(({ name, isDirectory }) => isDirectory || name.endsWith("_test.ts"))
    .map(({ name }) => `tests/${name}`)
    .sort();
}

/** Sums of Deno's closing lines, like `ok | 12 passed (3 steps) | 0 failed`. */
function readCounts(output: string): { passed: number; failed: number } {
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of output.matchAll(/^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed/gm)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  return counts;
}

if (import.meta.main) {
  const { passed, failed } = await runTests(Deno.args, true);
  console.log(`tests: ${passed} passed, ${failed} failed`);
  Deno.exitCode = failed === 0 ? 0 : 1;
}
