/** SIGKILL: nothing is said, nothing is flushed. @module */
import { type Arena, type Fault, wait } from "./fault.ts";

const BEFORE_MS = 1500;
const DOWN_MS = 500;
const AGAIN = 0.35;
/** Long enough to open the folder, and with luck not long enough to have opened it. */
const STARTING_MS = 400;

export const kill: Fault = {
  name: "kill",
  async strike(arena: Arena): Promise<boolean> {
    const { host, random, signal } = arena;
    await wait(random.below(BEFORE_MS), signal);
    for (let again = random.chance(AGAIN); !signal.aborted; again = false) {
      await host.kill();
      await wait(random.below(DOWN_MS), signal);
      if (random.chance(AGAIN)) await host.startInVain(random.below(STARTING_MS));
      if (signal.aborted) break;
      await host.restart();
      if (!again) break;
      await wait(Infinity, signal, () => arena.live() > 0);
    }
    return true;
  },
};
