/** What clients are told of a command that fails, and what the operator is. */
import { deepEqual, equal, match } from "node:assert/strict";
import { commandOf } from "../../src/chat/command.ts";
import { ChatError, Code } from "../../src/chat/error.ts";
import { Refusals } from "../../src/chat/refusals.ts";
import { KeepingLog } from "./fakes.ts";

const COMMAND = commandOf({ case: "ping", value: {} });

Deno.test("a refusal is the client's affair; one with a cause is the operator's as well", () => {
  const log = new KeepingLog();
  const refusals = new Refusals(log);
  const plain = refusals.answer(new ChatError(Code.NOT_FOUND, "No such channel"), COMMAND, {});
  deepEqual(plain, {
    case: "error",
    value: { code: Code.NOT_FOUND, message: "No such channel", retryAfterMs: 0 },
  });
  deepEqual(log.lines, []);
  const cause = new Error("disk I/O error");
  const error = new ChatError(Code.UNAVAILABLE, "Send again", 1000, { cause });
  const fault = refusals.answer(error, COMMAND, {});
  deepEqual(fault, {
    case: "error",
    value: { code: Code.UNAVAILABLE, message: "Send again", retryAfterMs: 1000 },
  });
  equal(log.lines.length, 1);
  match(log.lines[0]!, /^Command failed .*disk I\/O error/);
  deepEqual([refusals.counts[Code.NOT_FOUND], refusals.counts[Code.UNAVAILABLE]], [1, 1]);
});
