import assert from "node:assert/strict";
import { FloodGate } from "../../src/logger/flood_gate.ts";
import { until } from "../until.ts";

Deno.test("the first lines of a span pass, the others are counted, and told when it ends", async () => {
  const told: [string, number][] = [];
  using gate = new FloodGate({ lines: 3, spanMs: 30, onLeftOut: (...of) => told.push(of) });
  const passed = () => Array.from({ length: 10 }, () => gate.admits("a")).filter((pass) => pass).length;
  // A machine that takes longer than a span for ten calls sees another one begin.
  assert.ok(passed() >= 3);
  assert.equal(gate.admits("b"), true);
  await until("the end of the flood is told without another line", () => told.length > 0);
  assert.ok(told.every(([event, count]) => event === "a" && count <= 7), JSON.stringify(told));
  assert.ok(passed() >= 3, "the next span begins anew");
});

Deno.test("nothing is told of what was not left out, and disposing tells the rest", () => {
  const told: [string, number][] = [];
  const gate = new FloodGate({ lines: 2, spanMs: 3_600_000, onLeftOut: (...of) => told.push(of) });
  for (let at = 0; at < 2; at++) gate.admits("quiet");
  for (let at = 0; at < 5; at++) gate.admits("loud");
  gate[Symbol.dispose]();
  assert.deepEqual(told, [["loud", 3]]);
});
