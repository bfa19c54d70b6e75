/**
 * What followers of the log cost those who commit: the same commits without one, with one that does nothing when it is woken, with the
 * index of messages, and while that is made anew, in turns.
 *
 *     deno run -A bench/followers.ts [--rounds 3] [--seconds 6] [--messages 200000]
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { Log } from "../src/chat/ports.ts";
import { type FollowerEntry, Followers, openStore } from "../src/store/mod.ts";
import { messageDraft, range, seed } from "./seed.ts";
import { temporaryFolder } from "./temporary_folder.ts";

const CHANNELS = 50;
const BATCH = 10;
const EVERY_MS = 20;
/** Words of Latin and Chinese messages. */
const WORDS = [
  "lorem",
  "ipsum",
  "dolor",
  "release",
  "channel",
  "上海",
  "北京",
  "später",
  "deploy",
  "coffee",
  "ошибка",
];

const SEARCH: FollowerEntry = {
  name: "search",
  spawn: () => new Worker(new URL("../src/search/search_worker.ts", import.meta.url), { type: "module" }),
};
/** Wakes, reads, and does nothing with it. */
const IDLE: FollowerEntry = {
  name: "idle",
  spawn: () => new Worker(new URL("./idle_follower_worker.ts", import.meta.url), { type: "module" }),
};
const SILENT: Log = { report() {}, reports: () => false };

interface Mode {
  readonly name: string;
  /** Whether it has seen everything before it is measured. */
  readonly caughtUp?: true;
  readonly entries: readonly FollowerEntry[];
}

const MODES: readonly Mode[] = [
  { name: "none", entries: [] },
  { name: "idle", entries: [IDLE], caughtUp: true },
  { name: "index", entries: [SEARCH], caughtUp: true },
  { name: "building", entries: [SEARCH] },
];

function text(): string {
  return range(12).map(() =>
    WORDS[Math.floor(Math.random() * WORDS.length)]! + Math.floor(Math.random() * 900)
  ).join(" ");
}

/** Milliseconds of each commit, and how far the followers came. */
async function measure(
  folder: string,
  { entries, caughtUp }: Mode,
  place: Place,
): Promise<{ tookMs: number[]; seen: number; lag: number }> {
  if (!caughtUp) await Deno.remove(`${folder}/followers`, { recursive: true }).catch(() => {});
  await using store = await openStore(folder, { onCommit: () => followers.wake() });
  await using followers = new Followers(entries, {
    folder,
    head: () => store.lastPosition,
    held: () => false,
    log: SILENT,
  });
  while (caughtUp && followers.reports()[0]!.lag > 0) await pause(20);
  const tookMs: number[] = [];
  const endMs = performance.now() + place.seconds * 1000;
  for (let nextMs = performance.now(); nextMs < endMs; nextMs += EVERY_MS) {
    await pause(nextMs - performance.now());
    const batch = range(BATCH).map((at) =>
      messageDraft(place.channelIds[at]!, place.userIds[at]!, { text: text() })
    );
    const startMs = performance.now();
    await store.commit(batch);
    tookMs.push(performance.now() - startMs);
  }
  const { position = 0, lag = 0 } = followers.reports()[0] ?? {};
  return { tookMs, seen: position, lag };
}

interface Place {
  readonly channelIds: readonly number[];
  readonly userIds: readonly number[];
  readonly seconds: number;
}

/** Stores messages of many words. */
async function fill(
  folder: string,
  messages: number,
  { channelIds, userIds }: Pick<Place, "channelIds" | "userIds">,
) {
  await using store = await openStore(folder);
  for (let at = 0; at < messages; at += 1000) {
    await store.commit(
      range(1000).map((n) => {
        const place = n % CHANNELS;
        return messageDraft(channelIds[place]!, userIds[place]!, { text: text() });
      }),
    );
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(part * (sorted.length - 1))]!;
}

async function main(): Promise<void> {
  const number = { type: "string" } as const;
  const { values } = parseArgs({ options: { rounds: number, seconds: number, messages: number } });
  const { rounds = "3", seconds = "6", messages = "200000" } = values;
  await using folder = await temporaryFolder();
  const channels = range(CHANNELS).map((at) => ({ name: `channel${at}`, members: [at] }));
  const { channelIds, userIds } = await seed(folder.path, { users: CHANNELS, channels });
  await fill(folder.path, Number(messages), { channelIds, userIds });
  const all = new Map<string, number[]>();
  for (let round = 0; round < Number(rounds); round++) {
    for (const mode of MODES) {
      const { tookMs, seen, lag } = await measure(folder.path, mode, {
        channelIds,
        userIds,
        seconds: Number(seconds),
      });
      const sorted = tookMs.sort((a, b) => a - b);
      all.set(mode.name, [...all.get(mode.name) ?? [], ...sorted]);
      const [p50, p99] = [0.5, 0.99].map((part) => quantile(sorted, part).toFixed(2));
      console.log(
        `round ${
          round + 1
        }, ${mode.name}: ${sorted.length} commits, p50 ${p50} ms, p99 ${p99} ms; seen ${seen}, lag ${lag}`,
      );
    }
  }
  const total = (name: string, part: number) => quantile(all.get(name)!.sort((a, b) => a - b), part);
  for (const { name } of MODES.slice(1)) {
    const ratio = (part: number) => (total(name, part) / total("none", part)).toFixed(2);
    console.log(`${name}: p50 ${ratio(0.5)} times, p99 ${ratio(0.99)} times that without`);
  }
}

await main();
