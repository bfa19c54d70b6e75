/** What the built web client depends on, as one number. @module */
import { createHash } from "node:crypto";
import { ROOT } from "../process.ts";

const FOLDERS = ["src/web", "src/client", "src/wire", "tools/web"];
const FILES = ["deno.json", "deno.lock", "tools/web.ts"];

/** SHA-256 over names and contents. */
export async function fingerprint(): Promise<string> {
  const paths = [...FILES, ...FOLDERS.flatMap(filesIn)].sort();
  const texts = await Promise.all(paths.map((path) => Deno.readFile(`${ROOT}/${path}`)));
  const hash = createHash("sha256");
  paths.forEach((path, i) => hash.update(`${path}\0${texts[i]!.length}\0`).update(texts[i]!));
  return hash.digest("hex");
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(`${ROOT}/${folder}`)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile) return [path];
    return entry.name === "dist" || entry.name.startsWith(".") ? [] : filesIn(path);
  });
}
