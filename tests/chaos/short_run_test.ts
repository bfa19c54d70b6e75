/** A short run of chaos over a server that does as promised, and the options of every run. */
import { deepStrictEqual as deepEqual, equal, ok, throws } from "node:assert/strict";
import { parseOptions } from "../../tools/chaos/options.ts";
import { OptionError } from "../../tools/options.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

Deno.test("a short run: killed, stopped, bereft of workers and saved, and nothing is missing", async () => {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "-A", "tools/chaos/main.ts"],
      ...["--seconds", "1", "--faults", "stop,kill,workers,backup", "--clients", "6", "--json"],
    ],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  equal(code, 0, text.decode(stdout) + text.decode(stderr));
  const { rows, ok: fine, findings } = JSON.parse(text.decode(stdout));
  deepEqual(findings, []);
  equal(fine, true);
  deepEqual(rows.map((row: { fault: string }) => row.fault), ["backup", "kill", "stop", "workers", "all"]);
  for (const { fault, rounds, felt, acknowledged, delivered, lost, doubled, reordered, gaps } of rows) {
    ok(rounds > 0 && acknowledged > 0 && delivered > acknowledged);
    if (fault !== "backup" && fault !== "all") equal(felt, rounds, fault);
    deepEqual({ lost, doubled, reordered, gaps }, { lost: 0, doubled: 0, reordered: 0, gaps: 0 });
  }
  const { reconnects, reloads } = rows.find(({ fault }: { fault: string }) => fault === "workers");
  deepEqual({ reconnects, reloads }, { reconnects: 0, reloads: 0 });
});

Deno.test("options of chaos are checked", () => {
  const options = parseOptions(["--seconds", "5", "--seed=7", "--faults", "disk,kill", "--clients", "6"]);
  deepEqual(options, { seconds: 5, seed: 7, faults: ["kill", "disk"], clients: 6, json: false });
  equal(parseOptions(["--help"]), undefined);
  deepEqual(parseOptions([])!.faults, [
    "kill",
    "stop",
    "takeover",
    "workers",
    "backup",
    "disk",
    "descriptors",
    "clock",
  ]);
  for (const args of [["--seconds", "0"], ["--faults", "flood"], ["--faults="], ["--nope"], ["more"]]) {
    throws(() => parseOptions(args), OptionError, args.join(" "));
  }
});
