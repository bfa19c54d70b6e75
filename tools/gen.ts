/**
 * Generates src/wire/gen from proto/: messages by protobuf-es, and the table of commands. With `--check` it changes nothing and
 * fails when what is there is not what would be generated.
 *
 * @module
 */
import { commandTable } from "./contract/command_table.ts";
import { readContract } from "./contract/contract.ts";
import { buf } from "./large/packages.ts";
import { ROOT } from "./process.ts";

const GENERATED = "src/wire/gen";

/** Throws buf's complaints. */
async function generate(baseFolder: string): Promise<void> {
  const { ok, output } = await buf(["generate", "--output", baseFolder]);
  if (!ok) throw new Error(`buf generate failed:\n${output}`);
  const contract = await readContract();
  await Deno.writeTextFile(`${baseFolder}/${GENERATED}/command_table.ts`, commandTable(contract));
}

/** Paths in the generated folder that are missing, stale or no longer generated. */
export async function staleFiles(): Promise<string[]> {
  const temp = await Deno.makeTempDir();
  try {
    await generate(temp);
    const fresh = readFolder(`${temp}/${GENERATED}`);
    const present = readFolder(`${ROOT}/${GENERATED}`);
    const names = new Set([...fresh.keys(), ...present.keys()]);
    return [...names].filter((name) => fresh.get(name) !== present.get(name)).sort();
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

function readFolder(folder: string, prefix = ""): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of Deno.readDirSync(folder)) {
    const name = prefix + entry.name;
    if (entry.isFile) files.set(name, Deno.readTextFileSync(`${folder}/${entry.name}`));
    else readFolder(`${folder}/${entry.name}`, `${name}/`).forEach((text, path) => files.set(path, text));
  }
  return files;
}

if (import.meta.main) {
  if (Deno.args.includes("--check")) {
    const stale = await staleFiles();
    for (const name of stale) console.error(`${GENERATED}/${name} is not what proto/ says`);
    if (stale.length > 0) console.error("Run: deno task gen");
    Deno.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    await generate(ROOT);
    console.log(`Generated ${GENERATED}`);
  }
}
