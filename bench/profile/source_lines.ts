/**
 * From positions in the JavaScript that runs to those in the TypeScript.
 * `--cpu-prof` does it by itself; V8's allocation profile knows only what runs.
 *
 * @module
 */
import { SourceMap } from "node:module";
import type { CallFrame } from "./call_tree.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const ROOT = new URL("../..", import.meta.url);

/** Gives call frames of the repository's modules their place in the source. */
export async function sourceLines(urls: Iterable<string>): Promise<(frame: CallFrame) => CallFrame> {
  const paths = [...new Set(urls)].filter((url) => url.startsWith(ROOT.href) && url.endsWith(".ts"))
    .map((url) => url.slice(ROOT.href.length));
  const maps = new Map<string, SourceMap>();
  if (paths.length > 0) {
    await using folder = await temporaryFolder();
    await transpile(paths, folder.path);
    for (const path of paths) {
      const text = await Deno.readTextFile(`${folder.path}/${path.replace(/\.ts$/, ".js.map")}`);
      maps.set(`${ROOT.href}${path}`, new SourceMap(JSON.parse(text)));
    }
  }
  return (frame) => {
    const entry = maps.get(frame.url)?.findEntry(frame.lineNumber, frame.columnNumber);
    if (!entry || !("originalLine" in entry)) return frame;
    return { ...frame, lineNumber: entry.originalLine, columnNumber: entry.originalColumn };
  };
}

async function transpile(paths: readonly string[], folder: string): Promise<void> {
  const flags = ["--quiet", "--no-check", "--source-map", "separate", "--outdir", folder];
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["transpile", ...flags, ...paths],
    cwd: ROOT,
    stdin: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`deno transpile failed: ${new TextDecoder().decode(stderr).trim()}`);
}
