/** No space left for a while, and sometimes a kill in the middle of it. @module */
import { type Arena, type Fault, wait } from "./fault.ts";

const MIN_MS = 1000;
const MORE_MS = 2000;
const KILLED = 0.3;

export const disk: Fault = {
  name: "disk",
  async strike(arena: Arena): Promise<boolean> {
    const { host, place, random, signal } = arena;
    const failures = () => host.log.filter((line) => line.includes('"commit_failed"')).length;
    const before = failures();
    const killed = random.chance(KILLED);
    await place.fill(host.pid);
    try {
      await wait(MIN_MS + random.below(MORE_MS), signal);
      if (killed) await host.kill();
    } finally {
      await place.empty(killed ? undefined : host.pid);
    }
    if (killed && !signal.aborted) await host.restart();
    return failures() > before;
  },
};
