/** Whoever reads the log, or does not, cannot stop the server. */
import { equal, ok } from "node:assert/strict";
import { startTask } from "../../tools/start_task.ts";
import { temporaryFolder } from "./program.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const REQUESTS = 3000;
const AT_ONCE = 50;
const LINE_BYTES_MIN = 150;
const PIPE_BYTES = 64 * 1024;
const END_MAX_MS = 20_000;

/** The program at level debug, with its standard error in the caller's hands. */
async function started(
  data: string,
): Promise<{ child: Deno.ChildProcess; url: string; stdout: Promise<string> }> {
  const { env, args } = startTask();
  const flags = ["--port", "0", "--data", data, "--log-level", "debug"];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, ...flags],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("In a terminal:")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Ended before it listened: ${text}`);
    text += value;
  }
  const rest = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
    return text;
  };
  return { child, url: /listening on (\S+)/.exec(text)![1]!, stdout: rest() };
}

/** Every one of them is answered, and leaves a line. */
async function visit(url: string): Promise<void> {
  const one = async () => {
    const response = await fetch(`${url}/healthz`);
    equal(await response.text(), "ok\n");
  };
  for (let at = 0; at < REQUESTS; at += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function ends(child: Deno.ChildProcess): Promise<number> {
  const deadline = setTimeout(() => child.kill("SIGKILL"), END_MAX_MS);
  child.kill("SIGTERM");
  const { code } = await child.status;
  clearTimeout(deadline);
  return code;
}

Deno.test("a log that nobody reads neither stops the server nor keeps it from ending", async () => {
  ok(REQUESTS * LINE_BYTES_MIN > 4 * PIPE_BYTES, "the pipe is full long before the last line");
  await using folder = await temporaryFolder();
  const { child, url, stdout } = await started(folder.path);
  await visit(url);
  equal(await ends(child), 0);
  await child.stderr.cancel();
  await stdout;
});

Deno.test("a closed standard error neither ends the server nor keeps it from ending", async () => {
  await using folder = await temporaryFolder();
  const { child, url, stdout } = await started(folder.path);
  await child.stderr.cancel();
  await visit(url);
  equal(await ends(child), 0);
  await stdout;
});
