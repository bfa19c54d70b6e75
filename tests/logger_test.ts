import assert from "node:assert/strict";
import { LOG_EVENTS, type LogEvent } from "../src/chat/log_event.ts";
import { Logger, type LoggerOptions } from "../src/logger.ts";
import { LineSink } from "../src/logger/line_sink.ts";
import { until } from "./until.ts";

const TIME = "2026-01-02T03:04:05.006Z";

function record(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  return {
    lines,
    logger: new Logger({ terminal: false, write: (line) => lines.push(line), now, ...options }),
  };
}

/** What may move a cursor, end a line or hide in it. */
function unsafe(line: string): string[] {
  return [...line].filter((char) => /[\p{C}\u2028\u2029]/u.test(char));
}

Deno.test("for programs an event is one JSON object", () => {
  const { lines, logger } = record();
  logger.report("listening", { port: 8080, tags: ["a", 1], big: 12n, bytes: new Uint8Array(3) });
  assert.equal(lines.length, 1);
  assert.deepEqual(JSON.parse(lines[0]!), {
    time: TIME,
    level: "info",
    event: "listening",
    message: "Listening",
    port: 8080,
    tags: ["a", 1],
    big: "12",
    bytes: "3 bytes",
  });
  assert.ok(lines[0]!.startsWith(`{"time":"${TIME}","level":"info","event":"listening","message":`));
});

Deno.test("for people it is a line with time, level and fields", () => {
  const { lines, logger } = record({ terminal: true });
  logger.report("listen_failed", { ms: 12, path: "/data", why: "a b", none: undefined });
  assert.deepEqual(lines, [
    `${TIME} warn  Listening again failed event=listen_failed ms=12 path=/data why="a b"`,
  ]);
});

Deno.test("the format is what is asked for, and else goes by the terminal", () => {
  const expected: [LoggerOptions, RegExp][] = [
    [{ terminal: true }, /^2026/],
    [{ terminal: false }, /^\{/],
    [{ terminal: true, format: "auto" }, /^2026/],
    [{ terminal: true, format: "json" }, /^\{/],
    [{ terminal: false, format: "text" }, /^2026/],
  ];
  for (const [options, pattern] of expected) {
    const { lines, logger } = record(options);
    logger.report("stopped");
    assert.match(lines[0]!, pattern);
  }
});

Deno.test("nothing that users write can forge a line", () => {
  const name = "x\n03:04:05 error forged\r\x1b[31m\x9b31m";
  for (const format of ["json", "text"] as const) {
    const { lines, logger } = record({ format });
    logger.report("command_failed", { name, "na\nme": "\u2028\u202e\u{e0001}", list: [name] });
    assert.equal(lines.length, 1);
    assert.deepEqual(unsafe(lines[0]!), []);
    if (format === "json") assert.equal(JSON.parse(lines[0]!).name, name);
  }
});

Deno.test("secrets and what people say stay out, at any depth", () => {
  for (const format of ["json", "text"] as const) {
    const { lines, logger } = record({ format });
    const secret = "hunter2";
    logger.report("command_failed", {
      token: secret,
      password: secret,
      text: secret,
      code: secret,
      Token: secret,
      sessionToken: secret,
      passwordHash: secret,
      inviteCode: secret,
      request: { headers: [{ authorization: secret, cookie: secret }] },
      deep: { a: { b: { c: { d: { e: secret } } } } },
      name: "ann",
    });
    assert.ok(!lines[0]!.includes(secret));
    assert.ok(lines[0]!.includes("ann"));
  }
});

Deno.test("less important levels are left out, and the level may change", () => {
  const { lines, logger } = record({ level: "warn" });
  assert.equal(logger.reports("listening"), false);
  logger.report("listening");
  logger.report("not_ready");
  logger.report("commit_failed");
  assert.equal(lines.length, 2);
  logger.level = "debug";
  assert.equal(logger.reports("connection_opened"), true);
  logger.report("connection_opened");
  assert.equal(lines.length, 3);
  assert.deepEqual(logger.lines, { debug: 1, info: 0, warn: 1, error: 1 });
});

Deno.test("the line of a request has the level that is asked for", () => {
  const { lines, logger } = record({ requests: "info" });
  logger.report("request", { status: 200 });
  assert.equal(JSON.parse(lines[0]!).level, "info");
  assert.equal(record().logger.reports("request"), false);
});

Deno.test("errors are shown with where they come from, and loops do no harm", () => {
  const { lines, logger } = record();
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  logger.report("command_failed", { error: new TypeError("wrong"), loop, level: "fake", event: "fake" });
  const event = JSON.parse(lines[0]!);
  assert.match(event.error, /^TypeError: wrong\n.*logger_test/s);
  assert.equal(event.level, "error");
  assert.equal(event.event, "command_failed");
});

Deno.test("what is enormous is cut", () => {
  const { lines, logger } = record();
  logger.report("command_failed", { error: "x".repeat(1_000_000), rows: new Array(100_000).fill(1) });
  assert.ok(lines[0]!.length < 10_000, `${lines[0]!.length} characters`);
});

Deno.test("reporting never throws, whatever it is given", () => {
  const { lines, logger } = record();
  const trap = {
    get field(): never {
      throw new Error("not to be read");
    },
  };
  logger.report("command_failed", trap);
  assert.equal(JSON.parse(lines[0]!).unprintable, "not to be read");
  const silent = record({
    write: () => {
      throw new Error("closed");
    },
  });
  silent.logger.report("command_failed", { a: 1 });
  logger.report("command_failed", { date: new Date(NaN), nothing: Object.create(null), fn: () => 1 });
  assert.equal(JSON.parse(lines[1]!).date, "Invalid Date");
});

Deno.test("a flood of one warning is bounded and counted, others pass, and nothing else is bounded", () => {
  const { lines, logger } = record({ level: "debug" });
  const events = (name: LogEvent) => lines.filter((line) => line.includes(`"event":"${name}"`)).length;
  for (let at = 0; at < 1000; at++) logger.report("commit_failed");
  assert.equal(events("commit_failed"), 20);
  logger.report("listen_failed");
  assert.equal(events("listen_failed"), 1);
  for (let at = 0; at < 1000; at++) logger.report("request");
  assert.equal(events("request"), 1000);
  logger[Symbol.dispose]();
  const left = JSON.parse(lines.at(-1)!);
  assert.deepEqual([left.event, left.of, left.count], ["lines_left_out", "commit_failed", 980]);
  assert.equal(logger.lines.error, 1000);
});

Deno.test("lines go to a pipe that nobody reads without waiting for it, and the lost ones are counted", async () => {
  let open: () => void = () => {};
  const written: string[] = [];
  const told: number[] = [];
  const sink = new LineSink({
    queuedChars: 100,
    onLost: (lines) => told.push(lines),
    write: async (bytes) => {
      await new Promise<void>((resolve) => open = resolve);
      // A pipe takes what it has room for.
      const part = bytes.subarray(0, 7);
      written.push(new TextDecoder().decode(part));
      return part.length;
    },
  });
  for (let at = 0; at < 50; at++) sink.write(`line ${String(at).padStart(2, "0")}...`);
  assert.equal(await sink.drain(1), false);
  assert.equal(sink.lost, 40);
  const opener = setInterval(() => open(), 1);
  await until("everything is written", () => written.join("").endsWith("line 09...\n"));
  clearInterval(opener);
  assert.equal(await sink.drain(1000), true);
  const lines = written.join("").trimEnd().split("\n");
  assert.deepEqual(lines, Array.from({ length: 10 }, (_, at) => `line ${String(at).padStart(2, "0")}...`));
  assert.deepEqual(told, [40]);
});

Deno.test("a closed standard error loses lines and nothing else", async () => {
  let broken = true;
  const written: string[] = [];
  const told: number[] = [];
  const sink = new LineSink({
    onLost: (lines) => told.push(lines),
    write(bytes) {
      if (broken) return Promise.reject(new Deno.errors.BrokenPipe("closed"));
      written.push(new TextDecoder().decode(bytes));
      return Promise.resolve(bytes.length);
    },
  });
  sink.write("one");
  assert.equal(await sink.drain(1000), true);
  assert.equal(sink.lost, 1);
  broken = false;
  sink.write("two");
  assert.equal(await sink.drain(1000), true);
  assert.deepEqual([written, told], [["two\n"], [1]]);
});

Deno.test("every event has a name for programs and words for people", () => {
  for (const [event, { message }] of Object.entries(LOG_EVENTS)) {
    assert.match(event, /^[a-z]+(?:_[a-z]+)*$/);
    assert.match(message, /^[A-Z][^\n]*[^.\n]$/);
  }
});
