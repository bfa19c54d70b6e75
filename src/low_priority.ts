/** Threads that let messages go first where they share a processor with them. @module */
import { constants, setPriority } from "node:os";

/** Gives this thread the lowest priority. On Linux a priority belongs to the thread that asks, elsewhere to the process. */
export function lowerPriority(): void {
  if (Deno.build.os !== "linux") return;
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "setPriority" });
  if (state !== "granted") return;
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // A container's filter of system calls may refuse it; then it competes as an equal.
  }
}
