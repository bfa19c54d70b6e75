/**
 * Makes one executable of the server, `dist/rookery`. Arguments go to
 * `deno compile`, for instance `--target aarch64-unknown-linux-gnu`. With
 * `--check` nothing is kept: the executable must start and know its version;
 * where Deno's runtime cannot be downloaded, only the list of embedded files
 * is checked, and that is said.
 *
 * @module
 */
import { ROOT, run, runDeno } from "./process.ts";

/** Files that no static import leads to: workers, and whatever is not a module. */
function included(folder = "src"): string[] {
  return [...Deno.readDirSync(`${ROOT}/${folder}`)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return included(path);
    const isWorker = entry.name.endsWith("_worker.ts");
    const isAsset = !/\.tsx?$/.test(entry.name);
    return isWorker || isAsset ? [path] : [];
  });
}

function compileArgs(output: string, args: readonly string[]): string[] {
  const includes = included().flatMap((path) => ["--include", path]);
  return [
    "compile",
    "--quiet",
    "-P=server",
    "--no-prompt",
    "--output",
    output,
    ...includes,
    ...args,
    "main.ts",
  ];
}

async function check(): Promise<string> {
  const temp = await Deno.makeTempDir();
  try {
    const output = `${temp}/rookery`;
    const compiled = await runDeno(compileArgs(output, []));
    if (compiled.ok) return await checkStarts(output);
    return await checkEmbedded(output, compiled.output);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

async function checkStarts(executable: string): Promise<string> {
  const version: string = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)).version;
  const { output } = await run(executable, ["--version"]);
  const line = output.trim();
  if (!line.includes(`rookery ${version}`)) {
    throw new Error(`The executable's --version says: ${line}\nIt should say: rookery ${version}`);
  }
  return line;
}

/** With another executable for a runtime the result is useless, but all steps before it are done. */
async function checkEmbedded(output: string, reason: string): Promise<string> {
  const args = compileArgs(output, []).filter((arg) => arg !== "--quiet");
  const standIn = await runDeno(args, { env: { DENORT_BIN: Deno.execPath() } });
  if (!standIn.ok) throw new Error(`deno compile failed:\n${reason}\n${standIn.output}`);
  const names = ["main.ts", ...included().map((path) => path.slice(path.lastIndexOf("/") + 1))];
  const missing = names.filter((name) => !standIn.output.includes(`─ ${name}`));
  if (missing.length > 0) throw new Error(`Not embedded: ${missing.join(", ")}\n${standIn.output}`);
  return `${names.length} files are embedded; start of the executable skipped: ` +
    "no runtime to download here";
}

if (import.meta.main) {
  if (Deno.args.includes("--check")) {
    console.log(await check());
  } else {
    const { ok } = await runDeno(compileArgs("dist/rookery", Deno.args), { echo: true });
    if (ok) console.log("Made dist/rookery; start it with: dist/rookery --data ./data");
    Deno.exitCode = ok ? 0 : 1;
  }
}
