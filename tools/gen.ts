/**
 * Generates what proto/ says: src/wire/gen with the messages by protobuf-es, the table of commands and the description for
 * other programs, and docs/api.md. With `--check` it changes nothing and fails when what is there is not what would be
 * generated.
 *
 * @module
 */
import { apiReference } from "./contract/api_reference.ts";
import { asyncApi } from "./contract/async_api.ts";
import { commandTable } from "./contract/command_table.ts";
import { buildDescriptors, readContract } from "./contract/contract.ts";
import { openApi } from "./contract/open_api.ts";
import { buf } from "./large/packages.ts";
import { ROOT } from "./process.ts";

const CODE = "src/wire/gen";
/** What other programs read of the contract. */
export const DESCRIPTION = `${CODE}/description`;
const REFERENCE = "docs/api.md";

/** Throws buf's complaints. */
async function generate(baseFolder: string): Promise<void> {
  const { ok, output } = await buf(["generate", "--output", baseFolder]);
  if (!ok) throw new Error(`buf generate failed:\n${output}`);
  const contract = await readContract();
  const { version } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`)) as { version: string };
  const files = new Map<string, string | Uint8Array>([
    [`${CODE}/command_table.ts`, commandTable(contract)],
    [`${DESCRIPTION}/openapi.json`, jsonText(openApi(contract, version))],
    [`${DESCRIPTION}/asyncapi.json`, jsonText(asyncApi(contract, version))],
    [`${DESCRIPTION}/descriptor.binpb`, await buildDescriptors({ comments: false })],
    [REFERENCE, apiReference(contract)],
  ]);
  for (const [path, content] of files) {
    const place = `${baseFolder}/${path}`;
    await Deno.mkdir(place.slice(0, place.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(place, typeof content === "string" ? new TextEncoder().encode(content) : content);
  }
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

/** Paths of what is missing, stale or no longer generated. */
export async function staleFiles(): Promise<string[]> {
  const temp = await Deno.makeTempDir();
  try {
    await generate(temp);
    const fresh = filesOf(temp);
    const present = filesOf(ROOT);
    const paths = new Set([...fresh.keys(), ...present.keys()]);
    return [...paths].filter((path) => fresh.get(path) !== present.get(path)).sort();
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

/** Everything generated below a folder, by path. */
function filesOf(baseFolder: string): Map<string, string> {
  const files = readFolder(`${baseFolder}/${CODE}`, `${CODE}/`);
  return files.set(REFERENCE, textOf(`${baseFolder}/${REFERENCE}`));
}

/** Bytes as characters, for comparing; empty for a file that is not there. */
function textOf(path: string): string {
  try {
    return Array.from(Deno.readFileSync(path), (byte) => String.fromCharCode(byte)).join("");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function readFolder(folder: string, prefix: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of Deno.readDirSync(folder)) {
    const name = prefix + entry.name;
    if (entry.isFile) files.set(name, textOf(`${folder}/${entry.name}`));
    else readFolder(`${folder}/${entry.name}`, `${name}/`).forEach((text, path) => files.set(path, text));
  }
  return files;
}

if (import.meta.main) {
  if (Deno.args.includes("--check")) {
    const stale = await staleFiles();
    for (const name of stale) console.error(`${name} is not what proto/ says`);
    if (stale.length > 0) console.error("Run: deno task gen");
    Deno.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    await generate(ROOT);
    console.log(`Generated ${CODE} and ${REFERENCE}`);
  }
}
