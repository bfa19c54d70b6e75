/**
 * What the server must reach, as numbers: `deno task measure`.
 *
 *     a  1,000 users in one channel, each writing every ten seconds
 *     b  20,000 acknowledged messages a second, and as many as it takes
 *     c  start to listening with 1,000,000 messages and 10,000 users
 *     d  a page of history, over HTTP and inside the reader
 *     e  memory of an idle connection
 *
 * The server has a core of its own and the load another, where taskset is to
 * be had. `--only a,b` picks some, `--json` prints JSON, `--seconds N` sets how
 * long a and b measure.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { measureBroadcast, measureDurable, measureIdle } from "./measures/live.ts";
import { measureHistoryAndStart } from "./measures/large.ts";
import { canPin } from "./server_process.ts";

const MEASURES = ["a", "b", "c", "d", "e"];

const { values } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string", default: MEASURES.join() },
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "20" },
  },
});
const only = values.only.split(",");
const unknown = only.find((name) => !MEASURES.includes(name));
if (unknown !== undefined || !(Number(values.seconds) > 0)) {
  console.error(`measures: --only takes some of ${MEASURES.join()}, --seconds a number`);
  Deno.exit(2);
}
const measureMs = Number(values.seconds) * 1000;
const machine = { deno: Deno.version.deno, cores: navigator.hardwareConcurrency, pinned: canPin() };
show("machine", machine);
if (only.includes("a")) show("a", await measureBroadcast(measureMs));
if (only.includes("b")) show("b", await measureDurable(measureMs));
if (only.includes("c") || only.includes("d")) {
  for (const [name, result] of Object.entries(await measureHistoryAndStart())) {
    if (only.includes(name)) show(name, result);
  }
}
if (only.includes("e")) show("e", await measureIdle());

function show(name: string, result: unknown): void {
  console.log(values.json ? JSON.stringify({ [name]: result }) : lines(name, result).join("\n"));
}

/** A line for each number. */
function lines(path: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [`${path.padEnd(36)} ${shown(value)}`];
  const entries = Object.entries(value);
  if (entries.every(([, inner]) => typeof inner === "number") && "p99" in value) {
    return [`${path.padEnd(36)} ${entries.map(([name, inner]) => `${name} ${shown(inner)}`).join("  ")}`];
  }
  return entries.flatMap(([name, inner]) => lines(`${path} ${name}`, inner));
}

function shown(value: unknown): string {
  return typeof value === "number" ? value.toLocaleString("en") : String(value);
}
