/**
 * Makes one executable of the server, `dist/rookery`, and tries it: it must
 * know its version, and two clients must be able to talk over it. Arguments go
 * to `deno compile`, for instance `--target aarch64-unknown-linux-gnu`. An
 * executable from before stays until there is a better one. With `--check`
 * nothing is kept.
 *
 * `deno compile` downloads Deno's runtime. Where it cannot be had, there is no
 * executable to try: that is said, what would be embedded is checked, and the
 * exit code is 1 unless no executable was wanted.
 *
 * @module
 */
import { includedFiles, missingFrom } from "./compile/embedded.ts";
import { tryExecutable } from "./compile/try_executable.ts";
import { ROOT, runDeno } from "./process.ts";
import { startTask } from "./start_task.ts";

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
    ...startTask().args.filter((arg) => arg.startsWith("--v8-flags=")),
    // For a port that is shared with a successor.
    "--unstable-net",
    "--allow-net",
    "--allow-read=/",
    "--allow-write=/",
    "--allow-sys=setPriority,statfs,uid",
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

export interface Compiled {
  /** Whether there is an executable. */
  readonly made: boolean;
  /** For people: what was made, and what was tried. */
  readonly told: string;
}

/** Compiles, tries the result, and puts it in the place of the one before; throws when something is wrong with it. */
export async function compile(output: string, args: readonly string[], run = runDeno): Promise<Compiled> {
  const folder = await Deno.makeTempDir({ dir: await folderOf(output), prefix: ".compile-" });
  const draft = `${folder}/rookery`;
  try {
    const compiled = await run(compileArgs(draft, args));
    if (!compiled.ok) {
      return { made: false, told: await checkEmbedded(draft, { args, reason: compiled.output, run }) };
    }
    let told = "All parts are embedded. SKIPPED: an executable for another system cannot be tried here";
    if (args.includes("--target")) assertEmbedded(compiled.output);
    else told = await tryExecutable(draft, denoJson().version);
    for (const { name } of [...Deno.readDirSync(folder)]) {
      await Deno.rename(`${folder}/${name}`, name.endsWith(".exe") ? `${output}.exe` : output);
    }
    return { made: true, told: `Made ${output}. ${told}` };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function folderOf(path: string): Promise<string> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

/** All steps but the last, with an executable that is no runtime in the runtime's place. */
async function checkEmbedded(
  output: string,
  { args, reason, run }: { args: readonly string[]; reason: string; run: typeof runDeno },
): Promise<string> {
  // What comes out looks like our program and is not.
  const standIn = await run(compileArgs(output, args), { env: { DENORT_BIN: Deno.execPath() } });
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

async function main(args: readonly string[]): Promise<void> {
  const check = args.includes("--check");
  const folder = check ? await Deno.makeTempDir() : `${ROOT}/dist`;
  try {
    const { made, told } = await compile(`${folder}/rookery`, args.filter((arg) => arg !== "--check"));
    console.log(told);
    if (!made && !check) Deno.exitCode = 1;
  } catch (error) {
    console.error(`compile: ${error instanceof Error ? error.message : error}`);
    Deno.exitCode = 1;
  } finally {
    if (check) await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main(Deno.args);
