/**
 * Writes the table in docs/metrics.md from what a server really answers: `deno run -A tools/metrics_docs.ts`.
 *
 * @module
 */
import { startApp } from "../src/app.ts";
import { loadConfig } from "../src/config.ts";
import { Logger } from "../src/logger.ts";
import type { FollowerEntry } from "../src/store/mod.ts";
import { ROOT } from "./process.ts";

const FILE = "docs/metrics.md";
const HEADER = ["metric", "type", "labels", "what it is"];

/** Shows the labels of followers. */
export const FOLLOWER: FollowerEntry = {
  name: "example",
  open: () => ({ cursor: undefined, clear() {}, take() {}, [Symbol.dispose]() {} }),
};

/** Rows of the table, from the text that Prometheus gets. */
export function metricRows(text: string): string[][] {
  return text.split(/^# HELP /m).slice(1).map((family) => {
    const [head, ...lines] = family.split("\n");
    const [, name, help] = /^(\S+) (.*)$/.exec(head!)!;
    const type = lines[0]!.split(" ").at(-1)!;
    const labels = new Set([...family.matchAll(/[{,](\w+)="/g)].map(([, label]) => label!));
    labels.delete("le");
    return [`\`${name}\``, type, [...labels].map((label) => `\`${label}\``).join(", "), help!];
  });
}

/** What a new server answers to GET /metrics. */
async function exposition(): Promise<string> {
  const data = await Deno.makeTempDir({ prefix: "rookery_" });
  try {
    const args = ["--port", "0", "--metrics-port", "0", "--data", data];
    const config = loadConfig({ args, env: () => undefined, readFile: () => "" });
    await using app = await startApp(config, new Logger({ level: "error" }), { followers: [FOLLOWER] });
    return await (await fetch(`http://127.0.0.1:${app.metricsPort}/metrics`)).text();
  } finally {
    await Deno.remove(data, { recursive: true });
  }
}

async function main(): Promise<void> {
  const rows = [HEADER, HEADER.map(() => "---"), ...metricRows(await exposition())];
  const table = rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
  const path = `${ROOT}/${FILE}`;
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace(/^\| metric .*\n(?:\|.*\n)+/m, table));
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
}

if (import.meta.main) await main();
