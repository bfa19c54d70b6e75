/** Counts what code does, where a clock would count what else the machine does. @module */
import assert from "node:assert/strict";

/** A function of one argument that is exported by a module. */
export interface Counted {
  readonly module: URL;
  readonly name: string;
}

/**
 * How many blocks of the source's code run when the function is given each of these texts, and how many characters and
 * elements the engine's searches in strings and arrays pass over. What else the engine does inside a call counts as nothing.
 */
export async function workOf({ module, name }: Counted, texts: readonly string[]): Promise<number[]> {
  // Compiled code forgets to count.
  const flags = "--v8-flags=--no-opt,--no-maglev,--no-sparkplug";
  const program = new URL("work_program.ts", import.meta.url);
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-read",
      "--allow-sys",
      flags,
      program.href,
      module.href,
      name,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = process.output();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(texts)));
  await writer.close();
  const { code, stdout } = await output;
  assert.equal(code, 0);
  return JSON.parse(new TextDecoder().decode(stdout));
}
