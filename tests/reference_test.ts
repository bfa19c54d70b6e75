/** The tables of events and metrics in docs/ are those of the program. */
import { deepEqual, ok } from "node:assert/strict";
import { LOG_EVENTS } from "../src/chat/log_event.ts";
import { FOLLOWER, metricRows } from "../tools/metrics_docs.ts";
import { parseMetrics } from "./metrics/text_format.ts";
import { Rig } from "./server/rig.ts";

const ROOT = new URL("../", import.meta.url);

/** Cells of the rows of the table whose header begins with this cell. */
function tableIn(file: string, header: string): string[][] {
  const lines = Deno.readTextFileSync(new URL(`docs/${file}`, ROOT)).split("\n");
  const at = lines.findIndex((line) => line.startsWith(`| ${header} `));
  ok(at >= 0, `${file} has a table of ${header}`);
  const rows = lines.slice(at + 2);
  return rows.slice(0, rows.findIndex((line) => !line.startsWith("|")))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|")));
}

Deno.test("docs/logs.md has every event with its level and words, and what to do", () => {
  const table = tableIn("logs.md", "event");
  const expected = Object.entries(LOG_EVENTS).map((
    [event, { level, message }],
  ) => [`\`${event}\``, level, message]);
  deepEqual(table.map((row) => row.slice(0, 3)), expected);
  for (const row of table) ok(row[3]!.length > 5, row[0]);
});

Deno.test("every event is reported somewhere, by its name", () => {
  const sources: string[] = [];
  const read = (folder: URL) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      if (isDirectory) read(new URL(`${name}/`, folder));
      else if (name.endsWith(".ts") && name !== "log_event.ts") {
        sources.push(Deno.readTextFileSync(new URL(name, folder)));
      }
    }
  };
  for (
    const folder of ["app/", "auth/", "chat/", "cli/", "config/", "logger/", "server/", "store/", "takeover/"]
  ) {
    read(new URL(`src/${folder}`, ROOT));
  }
  sources.push(
    Deno.readTextFileSync(new URL("src/app.ts", ROOT)),
    Deno.readTextFileSync(new URL("src/logger.ts", ROOT)),
  );
  const text = sources.join("\n");
  for (const event of Object.keys(LOG_EVENTS)) {
    ok(text.includes(`"${event}"`) || text.includes(`${event}:`), event);
  }
});

Deno.test("docs/metrics.md has every metric with its type, labels and help", async () => {
  await using rig = await Rig.start({ settings: { metricsPort: 0 }, followers: [FOLLOWER] });
  const text = await (await fetch(`http://127.0.0.1:${rig.app.metricsPort}/metrics`)).text();
  const table = tableIn("metrics.md", "metric");
  const rows = metricRows(text);
  deepEqual(table, rows, "run: deno run -A tools/metrics_docs.ts");
  deepEqual(rows.map(([name]) => name), [...parseMetrics(text).keys()].map((name) => `\`${name}\``));
});
