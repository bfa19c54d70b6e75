/** What the main isolate and the worker for long work say to each other. @module */
import type { Verification } from "../verify/verify.ts";

export type LongWork =
  | { readonly kind: "copy"; readonly from: string; readonly to: string }
  | { readonly kind: "verify"; readonly path: string };

export interface ToLongWork {
  readonly work: LongWork;
  /** Its one number is 0 until the work shall end. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

/** What each kind of work gives. */
export interface LongWorkResults {
  readonly copy: void;
  readonly verify: Verification;
}

export type FromLongWork =
  | { readonly kind: "progress"; readonly what: string; readonly done?: number | undefined }
  | { readonly kind: "done"; readonly result: LongWorkResults[LongWork["kind"]] }
  | { readonly kind: "failed"; readonly message: string; readonly unusable: boolean };
