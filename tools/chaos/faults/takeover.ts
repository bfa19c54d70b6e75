/** Another process takes over; either may be killed while it does. @module */
import { type Arena, type Fault, wait } from "./fault.ts";

const BEFORE_MS = 1500;
/** Longer than a process takes to start and to take over. */
const HANDOVER_MS = 1000;
const HARM = 0.5;

export const takeover: Fault = {
  name: "takeover",
  async strike({ host, random, signal }: Arena): Promise<boolean> {
    await wait(random.below(BEFORE_MS), signal);
    if (signal.aborted) return false;
    if (random.chance(HARM)) await host.succeedInVain(random.below(HANDOVER_MS));
    await host.succeed({ killAfterMs: random.chance(HARM) ? random.below(HANDOVER_MS) : undefined });
    return true;
  },
};
