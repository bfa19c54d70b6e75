/**
 * Runs the tests: those of the core without any permission, so that they prove
 * its purity, then all others, and those in a browser. Arguments beginning with `tests/` select files;
 * any other goes to `deno test`.
 *
 * @module
 */
import { runDeno } from "./process.ts";

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
const WEB = "tests/web";

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
  const paths = args.filter((arg) => arg.startsWith("tests/"));
  const flags = args.filter((arg) => !paths.includes(arg));
  const under = (folder: string) => (path: string) => path === folder || path.startsWith(`${folder}/`);
  const all = paths.length === 0;
  const [core, web] = [paths.filter(under(CORE)), paths.filter(under(WEB))];
  const rest = paths.filter((path) => !core.includes(path) && !web.includes(path));
  return [
    { flags: ["--permit-no-files", ...flags], paths: all ? [CORE] : core },
    {
      flags: ["-P=test", ...flags, ...(all ? [`--ignore=${CORE},${WEB}`] : [])],
      paths: all ? ["tests"] : rest,
    },
    // The driver of the browser looks at /proc, which nothing less permits.
    { flags: ["-A", ...flags], paths: all ? [WEB] : web },
  ].filter((suite) => suite.paths.length > 0);
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
