/** What was on the stack, added up: one node for each path of calls. @module */

export interface Frame {
  /** "(anonymous)" for a function without a name. */
  readonly name: string;
  /** File within the repository, module of a package or of Deno; empty for native code. */
  readonly file: string;
  /** From 1; 0 when it has none. */
  readonly line: number;
}

/** What V8 says of a function; lines from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface CallNode extends Frame {
  /** Microseconds or bytes of the function itself. */
  readonly self: number;
  /** Its own and those of all that it called. */
  readonly total: number;
  /** Largest first. */
  readonly children: readonly CallNode[];
}

/** A node as it comes: the same function may be called from the same place twice. */
export interface RawNode {
  readonly frame: Frame;
  readonly self: number;
  readonly children: readonly RawNode[];
}

const ROOT = new URL("../..", import.meta.url).href;

/** The function behind a call frame, with a path that can be read. */
export function frameOf({ functionName, url, lineNumber }: CallFrame): Frame {
  return { name: functionName || "(anonymous)", file: readable(url), line: url === "" ? 0 : lineNumber + 1 };
}

function readable(url: string): string {
  if (url.startsWith(ROOT)) return url.slice(ROOT.length);
  const inPackage = /\/npm\/[^/]+\/(.+)$/.exec(url);
  return inPackage ? `npm:${inPackage[1]}` : url;
}

/** Adds up nodes of the same function under the same parent; leaves out what has nothing. */
export function mergedTree(root: RawNode): CallNode {
  return merged(root.frame, [root]);
}

function merged(frame: Frame, same: readonly RawNode[]): CallNode {
  const groups = new Map<string, RawNode[]>();
  let self = 0;
  for (const node of same) {
    self += node.self;
    for (const child of node.children) {
      const key = frameKey(child.frame);
      const group = groups.get(key);
      if (group) group.push(child);
      else groups.set(key, [child]);
    }
  }
  const children = [...groups.values()]
    .map((group) => merged(group[0]!.frame, group))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total);
  return withChildren({ ...frame, self, total: self, children }, children);
}

/** The tree without those children of its root. */
export function without(tree: CallNode, name: string): CallNode {
  return withChildren(tree, tree.children.filter((child) => child.name !== name));
}

/** The tree with one more child of its root. */
export function withChild(tree: CallNode, frame: Frame, self: number): CallNode {
  const child = { ...frame, self, total: self, children: [] };
  return withChildren(tree, [...tree.children, child].sort((a, b) => b.total - a.total));
}

function withChildren(node: CallNode, children: readonly CallNode[]): CallNode {
  return { ...node, children, total: children.reduce((sum, { total }) => sum + total, node.self) };
}

/** The same for the same function. */
export function frameKey({ name, file, line }: Frame): string {
  return `${name}\n${file}:${line}`;
}
