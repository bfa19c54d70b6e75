/** The profiler: sums that add up, a page that text cannot break, and one real profile. @module */
import { deepStrictEqual as deepEqual, equal, match, ok, throws } from "node:assert/strict";
import {
  type CallFrame,
  type CallNode,
  frameOf,
  mergedTree,
  type RawNode,
  withChild,
  without,
} from "../../bench/profile/call_tree.ts";
import { type CpuProfile, cpuTree, cutProfile, workerName } from "../../bench/profile/cpu_profile.ts";
import { escapeHtml, flameGraph, jsonForHtml } from "../../bench/profile/flame_graph.ts";
import { heapTree } from "../../bench/profile/heap_profile.ts";
import { parseOptions } from "../../bench/profile/options.ts";
import { OptionError } from "../../tools/options.ts";
import { sourceLines } from "../../bench/profile/source_lines.ts";
import { rowsBySelf, tableText } from "../../bench/profile/summary.ts";

const ROOT = new URL("../..", import.meta.url);
/** Longer than it should take, on a busy machine, too. */
const PROFILE_MS = 300_000;

function callFrame(functionName: string, url = "", lineNumber = -1): CallFrame {
  return { functionName, url, lineNumber, columnNumber: 0 };
}

function raw(name: string, self: number, children: readonly RawNode[] = []): RawNode {
  return { frame: { name, file: "", line: 0 }, self, children };
}

/** A tree as nested lists: name, own amount, total, children. */
function listed({ name, self, total, children }: CallNode): unknown[] {
  return [name, self, total, ...children.map(listed)];
}

/** Samples: a, b inside a, idle, b inside a, a; 10 µs each, from 1,000. */
const CPU: CpuProfile = {
  nodes: [
    { id: 1, callFrame: callFrame("(root)"), children: [2, 4] },
    { id: 2, callFrame: callFrame("a", "file:///elsewhere/store/writer_worker.ts", 0), children: [3] },
    { id: 3, callFrame: callFrame("b", "ext:core/mod.js", 4) },
    { id: 4, callFrame: callFrame("(idle)") },
  ],
  startTime: 1000,
  endTime: 1060,
  samples: [2, 3, 4, 3, 2],
  timeDeltas: [10, 10, 10, 10, 10],
};

Deno.test("calls of one function from one place become one node, the largest first", () => {
  const tree = mergedTree(raw("(root)", 0, [
    raw("small", 1),
    raw("f", 2, [raw("g", 5)]),
    raw("f", 3, [raw("g", 7), raw("h", 40)]),
    raw("never", 0, [raw("seen", 0)]),
  ]));
  deepEqual(listed(tree), [
    "(root)",
    0,
    58,
    ["f", 5, 57, ["h", 40, 40], ["g", 12, 12]],
    ["small", 1, 1],
  ]);
});

Deno.test("functions of one name in two places stay two", () => {
  const at = (line: number): RawNode => ({ frame: { name: "f", file: "x.ts", line }, self: 1, children: [] });
  equal(mergedTree(raw("(root)", 0, [at(1), at(2), at(1)])).children.length, 2);
});

Deno.test("a child of the root that is added or left out changes the total", () => {
  const tree = mergedTree(raw("(root)", 0, [raw("f", 5), raw("(idle)", 90)]));
  const busy = without(tree, "(idle)");
  deepEqual(listed(busy), ["(root)", 0, 5, ["f", 5, 5]]);
  deepEqual(listed(withChild(busy, { name: "(event loop)", file: "", line: 0 }, 20)), [
    "(root)",
    0,
    25,
    ["(event loop)", 20, 20],
    ["f", 5, 5],
  ]);
});

Deno.test("places are relative to the repository and name packages", () => {
  deepEqual(frameOf(callFrame("f", `${ROOT.href}src/chat/hub.ts`, 9)), {
    name: "f",
    file: "src/chat/hub.ts",
    line: 10,
  });
  equal(frameOf(callFrame("", "file:///c/npm/r.example/@a/b/1.2.3/x.js", 0)).file, "npm:@a/b/1.2.3/x.js");
  deepEqual(frameOf(callFrame("")), { name: "(anonymous)", file: "", line: 0 });
});

Deno.test("a CPU sample stands for the time to the next one", () => {
  deepEqual(listed(cpuTree(CPU)), ["(root)", 0, 50, ["a", 20, 40, ["b", 20, 20]], ["(idle)", 10, 10]]);
});

Deno.test("a span is cut out of a CPU profile, with times and hits of its own", () => {
  const cut = cutProfile(CPU, 1015, 1045);
  deepEqual([cut.startTime, cut.endTime, cut.samples, cut.timeDeltas], [1015, 1045, [3, 4, 3], [5, 10, 10]]);
  deepEqual(cut.nodes.map(({ hitCount }) => hitCount), [0, 0, 2, 1]);
  deepEqual(listed(cpuTree(cut)), ["(root)", 0, 25, ["a", 0, 15, ["b", 15, 15]], ["(idle)", 10, 10]]);
});

Deno.test("a span beyond the profile is what there is of it", () => {
  const cut = cutProfile(CPU, 0, 5000);
  deepEqual([cut.startTime, cut.endTime, cut.samples], [1000, 1060, CPU.samples]);
  equal(cpuTree(cutProfile(CPU, 5000, 6000)).total, 0);
});

Deno.test("a worker is known by its module", () => {
  equal(workerName(CPU), "writer_worker");
  equal(workerName({ ...CPU, nodes: CPU.nodes.slice(0, 1) }), undefined);
});

Deno.test("allocations add up as CPU time does", () => {
  const leaf = { callFrame: callFrame("b"), selfSize: 30, children: [] };
  const tree = heapTree({ head: { callFrame: callFrame("(root)"), selfSize: 0, children: [leaf, leaf] } });
  deepEqual(listed(tree), ["(root)", 0, 60, ["b", 60, 60]]);
});

Deno.test("a recursive function's total counts its outermost call", () => {
  const tree = mergedTree(raw("(root)", 0, [raw("f", 1, [raw("g", 2, [raw("f", 4)])]), raw("g", 8)]));
  const rows = rowsBySelf(tree).map(({ name, self, total }) => [name, self, total]);
  deepEqual(rows, [["g", 10, 14], ["f", 5, 7]]);
});

Deno.test("the table has shares of the whole", () => {
  const text = tableText(rowsBySelf(mergedTree(raw("(root)", 0, [raw("f", 3, [raw("g", 1)])]))), {
    all: 4,
    show: (amount) => `${amount} x`,
  });
  match(text, /75\.0% +3 x +100\.0% +f +native/);
  match(text, /25\.0% +1 x +25\.0% +g +native/);
});

Deno.test("names from a profile cannot become markup", () => {
  const evil = `</script><img src=x onerror="alert(1)">'&`;
  equal(escapeHtml(evil).search(/[<>"']/), -1);
  equal(escapeHtml("a<b & c"), "a&#60;b &#38; c");
  ok(!jsonForHtml({ evil }).includes("<"));
  deepEqual(JSON.parse(jsonForHtml({ evil })), { evil });
  const options = { users: 1, rate: 1, seconds: 1, out: "x.html", heap: false };
  const tree = mergedTree(raw("(root)", 0, [raw(evil, 1)]));
  const load = { messages: 1, received: 1, lost: 0 };
  const html = flameGraph(options, { seconds: 1, load, threads: [{ name: evil, tree, raw: {} }] });
  ok(!html.includes("<img"));
  equal(html.split("</script>").length, 3);
});

Deno.test("lines of what runs become lines of the source", async () => {
  const url = `${ROOT.href}bench/profile/call_tree.ts`;
  const change = await sourceLines([url, "ext:core/mod.js"]);
  const lines = Deno.readTextFileSync(new URL(url)).split("\n");
  // Far below interfaces, which are nothing when it runs.
  const mapped = Array.from({ length: 30 }, (_, line) => change(callFrame("", url, line)).lineNumber);
  ok(mapped.some((line) => line > 30 && lines[line] !== undefined), `${mapped}`);
  deepEqual(change(callFrame("f", "ext:core/mod.js", 3)), callFrame("f", "ext:core/mod.js", 3));
});

Deno.test("options have defaults, and what makes no sense is one line", () => {
  deepEqual(parseOptions([]), {
    users: 425,
    rate: 0.1,
    seconds: 15,
    out: "bench/results/profile.html",
    heap: false,
  });
  equal(parseOptions(["--help"]), undefined);
  for (
    const args of [["--users", "0"], ["--users", "1.5"], ["--rate", "x"], ["--seconds", "0.5"], [
      "--out",
      "a",
    ], [
      "--what",
    ], ["more"]]
  ) {
    throws(
      () => parseOptions(args),
      (error) => error instanceof OptionError && !error.message.includes("\n"),
    );
  }
});

async function profile(args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "bench/profile/main.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(PROFILE_MS),
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("a wrong argument ends it with 2", async () => {
  const { code, stdout, stderr } = await profile(["--users", "many"]);
  deepEqual([code, stdout], [2, ""]);
  match(stderr, /^profile: --users must be .*\n$/);
});

for (const heap of [false, true]) {
  Deno.test(`a ${heap ? "heap" : "CPU"} profile of a real server shows its functions`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "rookery_test_" });
    try {
      const load = ["--users", "20", "--rate", "10", "--seconds", "1"];
      const { code, stdout, stderr } = await profile([
        ...load,
        "--out",
        `${folder}/page.html`,
        ...(heap ? ["--heap"] : []),
      ]);
      equal(code, 0, stderr);
      match(stdout, /function +place/);
      const html = Deno.readTextFileSync(`${folder}/page.html`);
      match(html, /"src\/(chat|server|store)\/\w+\.ts:\d+","app"/);
      ok(!html.includes("LOST"), stdout);
      ok(!/(src|href)="|url\(|@import|fetch\(/.test(html), "the page loads something");
      const raw = JSON.parse(Deno.readTextFileSync(`${folder}/page.${heap ? "heap" : "cpu"}profile`));
      ok(heap ? raw.head.children.length > 0 : raw.samples.length === raw.timeDeltas.length);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
