/** Sampled allocations of V8, and their tree. @module */
import { type CallFrame, type CallNode, frameOf, mergedTree, type RawNode } from "./call_tree.ts";

/** Beside the server's data; see heap_recorder.ts. */
export const HEAP_FILE = "heap.jsonl";
/** Begins and ends recording. */
export const HEAP_SIGNAL = "SIGUSR2";

export interface HeapNode {
  readonly callFrame: CallFrame;
  /** Bytes, scaled up from the samples. */
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

export interface HeapProfile {
  readonly head: HeapNode;
}

/** The profile with other call frames. */
export function withFrames(profile: HeapProfile, change: (frame: CallFrame) => CallFrame): HeapProfile {
  const changed = (node: HeapNode): HeapNode => ({
    ...node,
    callFrame: change(node.callFrame),
    children: node.children.map(changed),
  });
  return { ...profile, head: changed(profile.head) };
}

export function heapTree({ head }: HeapProfile): CallNode {
  const raw = ({ callFrame, selfSize, children }: HeapNode): RawNode => ({
    frame: frameOf(callFrame),
    self: selfSize,
    children: children.map(raw),
  });
  return mergedTree(raw(head));
}
