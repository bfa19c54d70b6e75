/** What the profiler says in words. @module */
import type { ProfileOptions } from "./options.ts";
import type { Recording, Thread } from "./under_load.ts";
import {
  NATIVE,
  nativeTotal,
  percent,
  placeOf,
  rowsBySelf,
  showBytes,
  showMs,
  tableText,
  type Unit,
} from "./summary.ts";

/** Functions in the terminal's table. */
const TOP = 20;

/** One fact about a thread, such as "garbage collection 12.0 ms (3.1%)". */
export type Fact = readonly [name: string, value: string];

export function unitOf({ heap }: ProfileOptions, { tree }: Thread): Unit {
  return { all: tree.total, show: heap ? showBytes : showMs };
}

/** What was done to the server. */
export function headline({ users, rate }: ProfileOptions, { seconds, load }: Recording): string {
  const perSecond = Math.round(users * rate * users).toLocaleString("en");
  const lost = load.lost === 0 ? "" : `; ${load.lost} deliveries were LOST`;
  return `${seconds.toFixed(1)} s, ${users} users in one channel, ${rate} messages/s each, ` +
    `${perSecond} deliveries/s${lost}`;
}

/** What a thread did besides running functions. */
export function facts({ heap, users, rate }: ProfileOptions, { seconds }: Recording, thread: Thread): Fact[] {
  const { tree, processor } = thread;
  if (heap) {
    const deliveries = seconds * users * rate * users;
    return [
      ["allocated", showBytes(tree.total)],
      ["a second", showBytes(tree.total / seconds)],
      ["a delivery", `${Math.round(tree.total / deliveries)} bytes`],
    ];
  }
  const all = seconds * 1e6;
  const share = (amount: number, of: number) => `${showMs(amount)} (${percent(amount, of)})`;
  const part = (name: string): string => share(nativeTotal(tree, name), tree.total);
  return [
    ["busy", share(tree.total, all)],
    ["idle", share(Math.max(0, all - tree.total), all)],
    ["processor time", processor === undefined ? "unknown on this system" : share(processor, all)],
    ["event loop outside functions", part(NATIVE.eventLoop)],
    ["garbage collector", part(NATIVE.gc)],
    ["program", part(NATIVE.program)],
  ];
}

export function reportText(options: ProfileOptions, recording: Recording): string {
  const parts = [`${options.heap ? "Allocations" : "CPU time"}: ${headline(options, recording)}`];
  for (const [at, thread] of recording.threads.entries()) {
    const { name, tree } = thread;
    const list = facts(options, recording, thread).map((fact) => fact.join(" ")).join(", ");
    parts.push(`Thread ${name}: ${list}`);
    const rows = rowsBySelf(tree);
    if (at === 0) parts.push(tableText(rows.slice(0, TOP), unitOf(options, thread)));
    else if (rows[0]) parts.push(`  most of it in ${rows[0].name} (${placeOf(rows[0])})`);
  }
  return parts.join("\n\n").replaceAll("\n\n  ", "\n  ");
}
