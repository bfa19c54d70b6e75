/** What the main isolate and a follower's worker say to each other, on a port of their own. @module */
import type { FollowerStatus } from "./follow_loop.ts";

/** The first message to the worker itself. */
export interface FollowOrder {
  readonly kind: "follow";
  readonly folder: string;
  readonly port: MessagePort;
  /** Its one number is not 0 while the disk has too little room for followers. */
  readonly held: Int32Array<SharedArrayBuffer>;
}

export type ToFollower = "wake" | "stop";

export type FromFollower =
  | { readonly kind: "status"; readonly status: FollowerStatus; readonly idle: boolean }
  | { readonly kind: "stopped" };
