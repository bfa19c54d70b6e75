import assert from "node:assert/strict";
import { Logger, type LoggerOptions } from "../src/logger.ts";

function record(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  return {
    lines,
    logger: new Logger({ terminal: false, write: (line) => lines.push(line), now, ...options }),
  };
}

Deno.test("for programs an event is one JSON object", () => {
  const { lines, logger } = record();
  logger.info("Listening", { port: 8080, tags: ["a", 1], big: 12n, bytes: new Uint8Array(3) });
  assert.equal(lines.length, 1);
  assert.deepEqual(JSON.parse(lines[0]!), {
    time: "2026-01-02T03:04:05.006Z",
    level: "info",
    message: "Listening",
    port: 8080,
    tags: ["a", 1],
    big: "12",
    bytes: "3 bytes",
  });
  assert.match(lines[0]!, /^\{"time"/);
});

Deno.test("for people it is a line with time, level and fields", () => {
  const { lines, logger } = record({ terminal: true });
  logger.warn("Slow disk", { ms: 12, path: "/data", why: "a b", none: undefined });
  assert.deepEqual(lines, ['03:04:05 warn  Slow disk ms=12 path=/data why="a b" none=undefined']);
});

Deno.test("nothing that users write can forge a line", () => {
  for (const terminal of [true, false]) {
    const { lines, logger } = record({ terminal });
    logger.error("One\ntwo\r\x1b[31m", { name: "x\n03:04:05 error forged", "na\nme": "\u2028\u202e" });
    assert.equal(lines.length, 1);
    assert.ok(![...lines[0]!].some((char) => char < " " || char === "\x7f"), lines[0]);
  }
});

Deno.test("secrets and what people say stay out, at any depth", () => {
  for (const terminal of [true, false]) {
    const { lines, logger } = record({ terminal });
    const secret = "hunter2";
    logger.error("Refused", {
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

Deno.test("less important levels are left out", () => {
  const { lines, logger } = record({ level: "warn" });
  logger.info("no");
  logger.warn("yes");
  logger.error("yes");
  assert.equal(lines.length, 2);
});

Deno.test("errors are shown with where they come from, and loops do no harm", () => {
  const { lines, logger } = record();
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  logger.error("Failed", { error: new TypeError("wrong"), loop, level: "fake" });
  const event = JSON.parse(lines[0]!);
  assert.match(event.error, /^TypeError: wrong\n.*logger_test/s);
  assert.equal(event.level, "error");
});
