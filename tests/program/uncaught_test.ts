/** Errors that nobody caught: provoked inside the running program, through the inspector. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { until } from "../until.ts";
import { Inspector } from "./inspector.ts";
import { Program, temporaryFolder } from "./program.ts";

type Line = Record<string, unknown>;

async function startInspected(data: string): Promise<{ program: Program; url: string; inspector: string }> {
  const args = ["--port", "0", "--metrics-port", "0", "--data", data];
  const program = new Program(args, { denoFlags: ["--inspect=127.0.0.1:0"] });
  const url = await program.address();
  const listening = await program.prints("Visit", "stderr");
  return { program, url, inspector: /ws:\S+/.exec(listening)![0] };
}

function linesOf(stderr: string): Line[] {
  return stderr.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

async function metric(program: Program, series: string): Promise<number> {
  const url = /^Metrics: (\S+)$/m.exec(await program.prints("Data: "))![1]!;
  const text = await (await fetch(url)).text();
  return Number(text.split("\n").find((line) => line.startsWith(`${series} `))!.slice(series.length + 1));
}

Deno.test("an unhandled rejection and an uncaught error are a line each, with a stack, and the server goes on", async () => {
  await using folder = await temporaryFolder();
  const { program, url, inspector } = await startInspected(folder.path);
  await using _ = program;
  {
    await using inside = await Inspector.connect(inspector);
    await inside.evaluate(`void Promise.reject(new RangeError("rejected\\nby nobody"))`);
    await inside.evaluate(`void setTimeout(() => { throw new TypeError("thrown in a timer"); })`);
    await inside.evaluate(`void setImmediate(() => { throw new TypeError("thrown in a turn"); })`);
    await inside.evaluate(`void queueMicrotask(() => { throw new TypeError("thrown in a microtask"); })`);
    await inside.evaluate(`void Promise.reject("not even an error")`);
  }
  await until(
    "the metrics count them",
    async () =>
      await metric(program, 'rookery_uncaught_errors_total{kind="unhandled_rejection"}') === 2 &&
      await metric(program, 'rookery_uncaught_errors_total{kind="uncaught_error"}') === 3,
  );
  equal(await (await fetch(`${url}/healthz`)).text(), "ok\n");
  program.signal("SIGTERM");
  const { code, stderr } = await program.end();
  equal(code, 0, stderr);
  const lines = linesOf(stderr).filter(({ level }) => level === "error");
  deepEqual(lines.map(({ event }) => event).sort(), [
    "uncaught_error",
    "uncaught_error",
    "uncaught_error",
    "unhandled_rejection",
    "unhandled_rejection",
  ]);
  ok(lines.some(({ error }) => String(error) === "not even an error"));
  for (const what of ["RangeError: rejected\nby nobody", "TypeError: thrown in a timer"]) {
    const line = lines.find(({ error }) => String(error).startsWith(what));
    ok(line, what);
    match(String(line["error"]), /\n +at /);
  }
});

Deno.test("errors that nobody caught and that repeat end the server in good order, for a new start", async () => {
  await using folder = await temporaryFolder();
  const { program, inspector } = await startInspected(folder.path);
  await using _ = program;
  {
    await using inside = await Inspector.connect(inspector);
    await inside.evaluate(
      `void (() => { for (let at = 0; at < 10; at++) setTimeout(() => { throw new Error("again"); }, at); })()`,
    );
  }
  const { code, stderr } = await program.end();
  equal(code, 1, stderr);
  const events = linesOf(stderr).map(({ event }) => event);
  equal(events.filter((event) => event === "uncaught_error").length, 10);
  ok(events.includes("errors_repeat"));
  equal(events.at(-1), "stopped");
  // In good order: the folder is closed.
  deepEqual([...Deno.readDirSync(folder.path)].filter(({ name }) => name.includes("-wal")), []);
});
