/** What the writer's handle and its worker say to each other. @module */
import type { BatchResult } from "./batch_runner.ts";
import type { Cell } from "../events/definition.ts";

export type ToWriter =
  | { readonly kind: "open"; readonly path: string }
  /** Makes the disk look full; for tests. Has no answer. */
  | { readonly kind: "limit"; readonly maxPages: number }
  /**
   * With `after`, a batch that another worker had when it died: the newest row of the log before it. What is
   * behind that row is the batch, and with nothing behind it the batch is still to be stored.
   */
  | { readonly kind: "commit"; readonly cells: readonly Cell[]; readonly after?: number }
  /** Session ids and times, alternating. Has no answer. */
  | { readonly kind: "touch"; readonly pairs: readonly number[] }
  /** Stores something and takes it back. */
  | { readonly kind: "probe" }
  /** Asks whether the disk has room for these bytes. */
  | { readonly kind: "close" };

/** Answers come in the order of what they answer. */
export type FromWriter =
  /** With the number of the log's newest row. */
  | { readonly kind: "opened"; readonly lastPosition: number }
  | { readonly kind: "probed" }
  | { readonly kind: "committed"; readonly tookMs: number } & BatchResult
  /** Nothing was stored. */
  | { readonly kind: "failed"; readonly reason: string }
  /** What became of a batch cannot be told. */
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "closed" };
