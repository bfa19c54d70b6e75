/** What the running server may still do, asked inside its own process through the inspector. */
import { deepEqual, equal } from "node:assert/strict";
import { Inspector } from "./inspector.ts";
import { Program, temporaryFolder } from "./program.ts";

/** Name of the error that the code throws there; "none" when it is allowed. */
function failure(code: string): string {
  return `(() => { try { ${code}; return "none"; } catch (error) { return error.name; } })()`;
}

Deno.test("once it serves, it reads and writes its own folders only, and runs nothing", async () => {
  await using folder = await temporaryFolder();
  await using elsewhere = await temporaryFolder();
  const args = ["--port", "0", "--data", folder.path];
  await using program = new Program(args, { denoFlags: ["--inspect=127.0.0.1:0"] });
  await program.address();
  const listening = await program.prints("Visit", "stderr");
  {
    await using inside = await Inspector.connect(/ws:\S+/.exec(listening)![0]);
    const file = JSON.stringify(`${elsewhere.path}/file`);
    const expected: [string, string][] = [
      ['Deno.readTextFileSync("/etc/passwd")', "NotCapable"],
      [`Deno.writeTextFileSync(${file}, "x")`, "NotCapable"],
      [`Deno.readDirSync(${JSON.stringify(elsewhere.path)})`, "NotCapable"],
      ['new Deno.Command("true").outputSync()', "NotCapable"],
      ['Deno.env.get("HOME")', "NotCapable"],
      ["Deno.hostname()", "NotCapable"],
      ['Deno.dlopen("libc.so.6", {})', "NotCapable"],
      ['Deno.env.get("ROOKERY_PORT")', "none"],
    ];
    for (const [code, name] of expected) equal(await inside.evaluate(failure(code)), name, code);
  }
  program.signal("SIGTERM");
  equal((await program.end()).code, 0);
  deepEqual([...Deno.readDirSync(elsewhere.path)], []);
});
