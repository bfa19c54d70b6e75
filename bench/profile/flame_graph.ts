/**
 * The page: everything in one file, nothing from the network. The drawing is
 * `flame_graph_view.js`, which runs in the browser.
 *
 * @module
 */
import type { CallNode, Frame } from "./call_tree.ts";
import type { ProfileOptions } from "./options.ts";
import type { Recording, Thread } from "./under_load.ts";
import { facts, headline, unitOf } from "./report.ts";
import { NATIVE, percent, placeOf, rowsBySelf } from "./summary.ts";

/** Rows of the table below the graph. */
const ROWS = 40;

/** Where code comes from: what the colours say. */
const KINDS = {
  app: "Rookery",
  package: "packages",
  deno: "Deno",
  native: "native code",
  gc: "garbage collection",
} as const;
type Kind = keyof typeof KINDS;

/** A frame's place among the frames, its own amount, and its children. */
type Packed = [frame: number, self: number, children: Packed[]];

export function flameGraph(options: ProfileOptions, recording: Recording): string {
  const { threads } = recording;
  const title = options.heap ? "Allocations" : "CPU time";
  const data = { bytes: options.heap, threads: threads.map(({ name, tree }) => ({ name, ...packed(tree) })) };
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} of the server</title>
<style>
${asset("flame_graph.css")}</style>
</head>
<body>
<h1>${title} of the server</h1>
<p>${escapeHtml(headline(options, recording))}</p>
<div class="bar">
<div class="tabs" role="tablist" aria-label="Threads">${threads.map(tab).join("")}</div>
<input id="search" type="search" placeholder="Search functions and files ( / )" aria-label="Search">
<output id="found" for="search"></output>
<button id="whole" disabled>Whole graph (Esc)</button>
</div>
<canvas id="graph"></canvas>
<div id="tip" hidden></div>
<ul class="legend">${
    Object.entries(KINDS).map(([kind, text]) => `<li data-kind="${kind}">${text}</li>`).join("")
  }</ul>
${threads.map((thread, at) => section(options, { recording, thread, at })).join("\n")}
<script id="data" type="application/json">${jsonForHtml(data)}</script>
<script>
${asset("flame_graph_view.js")}</script>
</body>
</html>
`;
}

function tab({ name }: Thread, at: number): string {
  return `<button role="tab" data-thread="${at}" aria-selected="${at === 0}">${escapeHtml(name)}</button>`;
}

function section(
  options: ProfileOptions,
  { recording, thread, at }: { recording: Recording; thread: Thread; at: number },
): string {
  const { all, show } = unitOf(options, thread);
  const list = facts(options, recording, thread)
    .map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`);
  const rows = rowsBySelf(thread.tree).slice(0, ROWS).map((row) => {
    const numbers = [percent(row.self, all), show(row.self), percent(row.total, all), show(row.total)];
    return `<tr data-kind="${kindOf(row)}">${numbers.map((text) => `<td>${text}</td>`).join("")}` +
      `<th scope="row">${escapeHtml(row.name)}</th><td>${escapeHtml(placeOf(row))}</td></tr>`;
  });
  return `<section data-thread="${at}"${at === 0 ? "" : " hidden"}>
<dl>${list.join("")}</dl>
<table>
<thead><tr><th colspan="2">Self</th><th colspan="2">Total</th><th>Function</th><th>Place</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</section>`;
}

function packed(tree: CallNode): { frames: [name: string, place: string, kind: Kind][]; root: Packed } {
  const frames = new Map<string, [name: string, place: string, kind: Kind]>();
  const places = new Map<string, number>();
  const pack = (node: CallNode): Packed => {
    const place = placeOf(node);
    const key = `${node.name}\n${place}`;
    if (!frames.has(key)) {
      places.set(key, frames.size);
      frames.set(key, [node.name, place, kindOf(node)]);
    }
    return [places.get(key)!, Math.round(node.self), node.children.map(pack)];
  };
  const root = pack(tree);
  return { frames: [...frames.values()], root };
}

function kindOf({ name, file }: Frame): Kind {
  if (name === NATIVE.gc) return "gc";
  if (file === "") return "native";
  if (file.startsWith("npm:")) return "package";
  return /^(ext|node|internal):/.test(file) ? "deno" : "app";
}

function asset(name: string): string {
  return Deno.readTextFileSync(new URL(name, import.meta.url));
}

/** Text that is no markup. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that cannot end the element it stands in. */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
