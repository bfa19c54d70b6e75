/** The functions that took most, whatever called them. @module */
import { type CallNode, type Frame, frameKey } from "./call_tree.ts";

export interface Row extends Frame {
  readonly self: number;
  /** A recursive call counts once. */
  readonly total: number;
}

/** Children of the root that are no functions: three of V8's, and Deno's event loop. */
export const NATIVE = {
  gc: "(garbage collector)",
  program: "(program)",
  idle: "(idle)",
  eventLoop: "(event loop)",
} as const;
const ROOT = "(root)";

export interface Unit {
  /** Of how much it is a share. */
  readonly all: number;
  show(amount: number): string;
}

/** Every function, by what it took itself. */
export function rowsBySelf(tree: CallNode): Row[] {
  const rows = new Map<string, { -readonly [K in keyof Row]: Row[K] }>();
  const open = new Set<string>();
  const visit = (node: CallNode) => {
    const { name, file, line } = node;
    const key = frameKey(node);
    let row = rows.get(key);
    if (!row) rows.set(key, row = { name, file, line, self: 0, total: 0 });
    row.self += node.self;
    const outermost = !open.has(key);
    if (outermost) {
      open.add(key);
      row.total += node.total;
    }
    node.children.forEach(visit);
    if (outermost) open.delete(key);
  };
  visit(tree);
  return [...rows.values()].filter(({ name, self }) => self > 0 && name !== ROOT)
    .sort((a, b) => b.self - a.self);
}

/** What a child of the root with this name took. */
export function nativeTotal(tree: CallNode, name: string): number {
  return tree.children.find((child) => child.name === name)?.total ?? 0;
}

/** Where a function stands. */
export function placeOf({ file, line }: Frame): string {
  return file === "" ? "native" : `${file}:${line}`;
}

export function percent(part: number, all: number): string {
  return all === 0 ? "0.0%" : `${(100 * part / all).toFixed(1)}%`;
}

/** A table for a terminal. */
export function tableText(rows: readonly Row[], { all, show }: Unit): string {
  const cells = rows.map((row) => [
    percent(row.self, all),
    show(row.self),
    percent(row.total, all),
    row.name,
    placeOf(row),
  ]);
  const heads = ["self", "", "total", "function", "place"];
  const widths = heads.map((head, at) => Math.max(head.length, ...cells.map((cell) => cell[at]!.length)));
  return [heads, ...cells]
    .map((cell) =>
      cell.map((text, at) => at < 3 ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)).join("  ")
        .trimEnd()
    )
    .join("\n");
}

export function showMs(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(1)} ms`;
}

export function showBytes(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e3).toFixed(1)} kB`;
}
