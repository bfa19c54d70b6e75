/** CPU profiles of V8: the part of one that lies in a span of time, and its tree. @module */
import { type CallFrame, type CallNode, frameOf, mergedTree, type RawNode } from "./call_tree.ts";

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
  readonly hitCount?: number;
}

/** As in a `.cpuprofile`; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  /** Nodes that were on top of the stack, by their ids. */
  readonly samples: readonly number[];
  /** Time from the sample before, the first one's from the start. */
  readonly timeDeltas: readonly number[];
}

/** The samples from one time of the profile's clock to another. */
export function cutProfile(profile: CpuProfile, fromTime: number, toTime: number): CpuProfile {
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  const hits = new Map<number, number>();
  const startTime = Math.max(fromTime, profile.startTime);
  const endTime = Math.min(toTime, profile.endTime);
  let time = profile.startTime;
  let before = startTime;
  for (const [at, id] of profile.samples.entries()) {
    time += profile.timeDeltas[at]!;
    if (time < startTime || time >= endTime) continue;
    samples.push(id);
    timeDeltas.push(time - before);
    hits.set(id, (hits.get(id) ?? 0) + 1);
    before = time;
  }
  const nodes = profile.nodes.map(({ id, callFrame, children }) => (
    { id, callFrame, hitCount: hits.get(id) ?? 0, ...(children && { children }) }
  ));
  return { nodes, startTime, endTime, samples, timeDeltas };
}

/** A sample stands for the time to the next one. */
export function cpuTree({ nodes, endTime, startTime, samples, timeDeltas }: CpuProfile): CallNode {
  const self = new Map<number, number>();
  let time = startTime + (timeDeltas[0] ?? 0);
  for (const [at, id] of samples.entries()) {
    const next = at + 1 < samples.length ? time + timeDeltas[at + 1]! : endTime;
    // The clocks of two cores can differ by a hair.
    self.set(id, (self.get(id) ?? 0) + Math.max(0, next - time));
    time = next;
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const raw = (node: ProfileNode): RawNode => ({
    frame: frameOf(node.callFrame),
    self: self.get(node.id) ?? 0,
    children: (node.children ?? []).map((id) => raw(byId.get(id)!)),
  });
  return mergedTree(raw(nodes[0]!));
}

/** A thread by the module it runs, such as writer_worker; undefined when none of it was seen. */
export function workerName({ nodes }: CpuProfile): string | undefined {
  for (const { callFrame } of nodes) {
    const name = /\/(\w+_worker)\.ts$/.exec(callFrame.url)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}
