/** The worker's side of a heavy follower. @module */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
import type { Follower } from "../../chat/ports.ts";
import { lowerPriority } from "../../low_priority.ts";
import { databaseIn } from "../folder/data_folder.ts";
import { FollowLoop } from "./follow_loop.ts";
import { LogPages } from "./log_pages.ts";
import type { FollowOrder, FromFollower, ToFollower } from "./protocol.ts";

const PAGE_CHANGES = 256;
const GATHER_MS = 20;

/** Makes this worker follow, with the lowest priority, the log of the data folder that it is told. */
export function followInWorker(open: (folder: string) => Follower): void {
  lowerPriority();
  self.addEventListener("message", ({ data }: MessageEvent<FollowOrder>) => {
    if (data.kind === "follow") follow(data, open);
  });
}

function follow({ folder, port, held }: FollowOrder, open: (folder: string) => Follower): void {
  const reply = (message: FromFollower) => port.postMessage(message);
  const loop = new FollowLoop({
    openLog: () => new LogPages(databaseIn(folder)),
    open: () => open(folder),
    pageChanges: PAGE_CHANGES,
    gatherMs: GATHER_MS,
    held: () => Atomics.load(held, 0) !== 0,
    onStatus: (status, idle) => reply({ kind: "status", status, idle }),
  });
  port.onmessage = async ({ data }: MessageEvent<ToFollower>) => {
    if (data === "wake") return loop.wake();
    await loop.stop();
    reply({ kind: "stopped" });
  };
  loop.start();
}
