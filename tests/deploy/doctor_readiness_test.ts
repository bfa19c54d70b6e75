/** Doctor understands what a server says of its readiness, whoever answers in its place. */
import { equal } from "node:assert/strict";
import { isReady, whyNotReady } from "../../src/cli/doctor/readiness.ts";
import { readinessResponse } from "../../src/server/readiness.ts";

Deno.test("the reasons of a server that is not ready are told in words", async () => {
  equal(isReady(await readinessResponse([]).text()), true);
  const text = await readinessResponse([
    { check: "commit", reason: "The last write failed: disk full" },
    { check: "disk", reason: "make room" },
  ]).text();
  equal(isReady(text), false);
  equal(whyNotReady(text), "The last write failed: disk full; make room");
});

Deno.test("another's answer is no readiness, and can do nothing to a terminal", () => {
  const others = [
    "",
    "null",
    "[]",
    "{}",
    '{"ready":true}',
    '{"failing":{}}',
    '"ready"',
    "<html>ready</html>",
  ];
  for (const text of others) equal(isReady(text), false, text);
  equal(whyNotReady('{"failing":[{"reason":"a\\u001b[31m\\nb"}]}'), "a␛[31m b");
  equal(whyNotReady('{"failing":[null,{"reason":3}]}'), '{"failing":[null,{"reason":3}]}');
  equal(whyNotReady("  Bad\ngateway "), "Bad gateway");
});
