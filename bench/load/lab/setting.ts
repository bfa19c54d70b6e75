/** What all measurements of one run share. @module */
import type { Progress } from "../report/progress.ts";
import type { Cores } from "./machine.ts";

export interface Setting {
  readonly cores: Cores;
  /** How the lab's own servers are started. */
  readonly server: { readonly cores: string | undefined; readonly denoFlags: readonly string[] };
  /** Generator processes. */
  readonly processes: number;
  readonly progress: Progress;
  /** How long deliveries may stay away before they count as lost, milliseconds. */
  readonly patienceMs?: number;
}
