/**
 * Runs the tests, type-checked once beforehand: those of the core without any permission, so that they prove
 * its purity, then all others, and those with browsers, proxies, or a program that is attacked. Files run side by
 * side, as many as there are cores or DENO_JOBS says, but for those that need the machine to themselves. Arguments
 * beginning with `tests/` select files; any other goes to `deno test`.
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

/** All that has types; checked a second time, it costs nothing. */
export const TYPED = ["main.ts", "src", "tests", "bench", "tools", "examples"];

const CORE = ["tests/chat"];
/** The driver of the browser, proxies, other Nodes, and whoever looks at another process's memory need what nothing less permits. */
const ALL_PERMITTED = ["tests/deploy", "tests/hostile", "tests/sdk", "tests/web"];
/** They measure time, processors or memory, or take over and kill at chosen moments. */
const ALONE = [
  "tests/auth/password_pool_test.ts",
  "tests/authorisation/login_timing_test.ts",
  "tests/bench",
  "tests/chaos/short_run_test.ts",
  "tests/hostile",
  "tests/program",
  "tests/server/handover_test.ts",
  "tests/server/slow_reader_test.ts",
  "tests/store/writer_death_test.ts",
];

/** Runs the suites; a suite that cannot even start counts as one failure. */
export async function runTests(args: readonly string[], echo: boolean): Promise<TestCounts> {
  const chosen = args.filter((arg) => arg.startsWith("tests/"));
  const flags = args.filter((arg) => !chosen.includes(arg));
  const types = await runDeno(["check", "--quiet", ...(chosen.length > 0 ? chosen : TYPED)], { echo });
  if (!types.ok) return { passed: 0, failed: 1, output: types.output };
  let total: TestCounts = { passed: 0, failed: 0, output: "" };
  for (const suite of suites(chosen.length > 0 ? chosen : ["tests"])) {
    const { ok, output } = await runDeno(
      ["test", "--no-prompt", "--no-check", ...suite.flags, ...flags, ...suite.paths],
      { echo },
    );
    const { passed, failed } = readCounts(output);
    total = {
      passed: total.passed + passed,
      failed: total.failed + (ok ? failed : Math.max(1, failed)),
      output: total.output + output,
    };
  }
  return total;
}

function suites(chosen: readonly string[]): Suite[] {
  const files = chosen.flatMap(testFiles);
  const within = (folders: readonly string[]) => (file: string) =>
    folders.some((folder) => file === folder || file.startsWith(`${folder}/`));
  const [isCore, isFree, isAlone] = [within(CORE), within(ALL_PERMITTED), within(ALONE)];
  const core = files.filter(isCore);
  const free = files.filter(isFree);
  const rest = files.filter((file) => !isCore(file) && !isFree(file));
  return [
    { flags: ["--permit-no-files", "--parallel"], paths: core },
    { flags: ["-P=test", "--parallel"], paths: rest.filter((file) => !isAlone(file)) },
    { flags: ["-P=test"], paths: rest.filter(isAlone) },
    { flags: ["-A", "--parallel"], paths: free.filter((file) => !isAlone(file)) },
    { flags: ["-A"], paths: free.filter(isAlone) },
  ].filter((suite) => suite.paths.length > 0);
}

/** Files with tests at or below this path. One that does not exist is left for Deno to complain about. */
function testFiles(path: string): string[] {
  try {
    return [...Deno.readDirSync(`${ROOT}/${path}`)]
      .flatMap(({ name, isDirectory }) =>
        isDirectory ? testFiles(`${path}/${name}`) : name.endsWith("_test.ts") ? [`${path}/${name}`] : []
      ).sort();
  } catch {
    return [path];
  }
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
