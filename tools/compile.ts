/**
 * Makes one executable of the server, `dist/rookery`, and tries it: it must
 * know its version, and two clients must be able to talk over it. Arguments go
 * to `deno compile`, for instance `--target aarch64-unknown-linux-gnu`. With
 * `--check` nothing is kept.
 *
 * `deno compile` downloads Deno's runtime. Where it cannot be had, there is no
 * executable to try: that is said, and what would be embedded is checked.
 *
 * @module
 */
import { includedFiles, missingFrom } from "./compile/embedded.ts";
import { tryExecutable } from "./compile/try_executable.ts";
import { ROOT, runDeno } from "./process.ts";

interface DenoJson {
  readonly version: string;
  readonly permissions: Readonly<Record<"server" | "cli", { readonly env: readonly string[] }>>;
}

function denoJson(): DenoJson {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`));
}

/** Grants by path, not for everything: `serve` gives "/" back once its data folder is open. */
function compileArgs(output: string, args: readonly string[]): string[] {
  const { server, cli } = denoJson().permissions;
  return [
    "compile",
    "--no-prompt",
    "--allow-net",
    "--allow-read=/",
    "--allow-write=/",
    // It serves, and is the command line, too.
    `--allow-env=${[...new Set([...server.env, ...cli.env])].join()}`,
    // What tests and tools use is fifty times as large as the program.
    "--exclude-unused-npm",
    ...includedFiles(ROOT).flatMap((path) => ["--include", path]),
    "--output",
    output,
    ...args,
    "main.ts",
  ];
}

/** Compiles, tries the result and tells; throws when something is wrong with it. */
async function compile(output: string, args: readonly string[]): Promise<string> {
  await remove(output);
  const compiled = await runDeno(compileArgs(output, args));
  if (!compiled.ok) return await checkEmbedded(output, { args, reason: compiled.output });
  if (args.includes("--target")) {
    assertEmbedded(compiled.output);
    return "All parts are embedded. SKIPPED: an executable for another system cannot be tried here";
  }
  try {
    return await tryExecutable(output, denoJson().version);
  } catch (error) {
    await remove(output);
    throw error;
  }
}

/** All steps but the last, with an executable that is no runtime in the runtime's place. */
async function checkEmbedded(
  output: string,
  { args, reason }: { args: readonly string[]; reason: string },
): Promise<string> {
  const standIn = await runDeno(compileArgs(output, args), { env: { DENORT_BIN: Deno.execPath() } });
  // What came out looks like our program and is not.
  await remove(output);
  if (!standIn.ok) throw new Error(`deno compile failed:\n${reason}\n${standIn.output}`);
  const count = assertEmbedded(standIn.output);
  return `SKIPPED: no executable was made, for Deno's runtime could not be had here:\n${indented(reason)}\n` +
    `Checked instead: ${count} parts that the program needs would be embedded (entry, workers, migrations …)`;
}

/** Throws when something that the program needs is not in the list that `deno compile` prints. */
function assertEmbedded(output: string): number {
  const { missing, count } = missingFrom(output, ROOT);
  if (missing.length > 0) throw new Error(`Not embedded: ${missing.join(", ")}\n${output}`);
  return count;
}

function indented(text: string): string {
  const telling = text.trim().split("\n").filter((line) => /error|caused by|denort/i.test(line));
  return telling.slice(0, 4).map((line) => `  ${line.trim()}`).join("\n");
}

async function remove(path: string): Promise<void> {
  for (const file of [path, `${path}.exe`]) await Deno.remove(file).catch(() => {});
}

async function main(args: readonly string[]): Promise<void> {
  const check = args.includes("--check");
  const folder = check ? await Deno.makeTempDir() : `${ROOT}/dist`;
  try {
    console.log(await compile(`${folder}/rookery`, args.filter((arg) => arg !== "--check")));
  } catch (error) {
    console.error(`compile: ${error instanceof Error ? error.message : error}`);
    Deno.exitCode = 1;
  } finally {
    if (check) await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main(Deno.args);
