/** The contract as other programs read it, beside the program's source or inside the executable. @module */

const FOLDER = new URL("./wire/gen/description/", import.meta.url);
const NAMES = ["openapi.json", "asyncapi.json", "descriptor.binpb"];

/** By name. */
export async function contractFiles(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const read = async (name: string) => [name, await Deno.readFile(new URL(name, FOLDER))] as const;
  return new Map(await Promise.all(NAMES.map(read)));
}
