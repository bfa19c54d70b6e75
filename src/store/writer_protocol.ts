/** What the writer's handle and its worker say to each other. @module */
import type { BatchResult } from "./batch.ts";
import type { Cell } from "./cells.ts";

export type ToWriter =
  | { readonly kind: "open"; readonly path: string }
  /** Makes the disk look full; for tests. Has no answer. */
  | { readonly kind: "limit"; readonly maxPages: number }
  | { readonly kind: "commit"; readonly cells: readonly Cell[] }
  /** Session ids and times, alternating. Has no answer. */
  | { readonly kind: "touch"; readonly pairs: readonly number[] }
  /** Stores something and takes it back. */
  | { readonly kind: "probe" }
  /** Asks whether the disk has room for these bytes. */
  | { readonly kind: "need"; readonly bytes: number }
  | { readonly kind: "close" };

/** Answers come in the order of what they answer. */
export type FromWriter =
  | { readonly kind: "opened" }
  | { readonly kind: "probed" }
  | { readonly kind: "roomy" }
  | { readonly kind: "committed"; readonly tookMs: number } & BatchResult
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "closed" };
