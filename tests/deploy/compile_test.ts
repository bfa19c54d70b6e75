import assert from "node:assert/strict";
import { compile } from "../../tools/compile.ts";
import type { RunOptions } from "../../tools/process.ts";
import { TempFolder } from "../store/temp_store.ts";

Deno.test("where Deno's runtime cannot be had, that is told, and the executable from before stays", async () => {
  await using place = new TempFolder();
  const output = `${place.path}/rookery`;
  await Deno.writeTextFile(output, "the one from before");
  const runs: (string | undefined)[] = [];
  // As `deno compile` is without a network; what it lists of the second run was not asked for.
  const run = async (args: string[], { env }: RunOptions = {}) => {
    runs.push(env?.["DENORT_BIN"]);
    const draft = args[args.indexOf("--output") + 1]!;
    assert.notEqual(draft, output);
    if (env === undefined) return { ok: false, output: "error: Cannot download denort" };
    await Deno.writeTextFile(draft, "a stand-in");
    return { ok: false, output: "error: no stand-in either" };
  };
  await assert.rejects(compile(output, [], run), /deno compile failed:\nerror: Cannot download denort/);
  assert.deepEqual(runs, [undefined, Deno.execPath()]);
  assert.equal(await Deno.readTextFile(output), "the one from before");
  assert.deepEqual([...Deno.readDirSync(place.path)].map(({ name }) => name), ["rookery"]);
});

Deno.test("an executable that does not work takes nobody's place", async () => {
  await using place = new TempFolder();
  const output = `${place.path}/rookery`;
  await Deno.writeTextFile(output, "the one from before");
  const run = async (args: string[]) => {
    await Deno.writeTextFile(args[args.indexOf("--output") + 1]!, "#!/bin/sh\necho another 1.0\n", {
      mode: 0o755,
    });
    return { ok: true, output: "" };
  };
  await assert.rejects(compile(output, [], run), /--version says: another 1.0/);
  assert.equal(await Deno.readTextFile(output), "the one from before");
});
