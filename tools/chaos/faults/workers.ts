/** Worker threads die one by one; the process, its connections and its readers stay. @module */
import { type Arena, type Fault, wait } from "./fault.ts";

const DEATHS = 3;
const MORE_DEATHS = 6;
const BETWEEN_MS = 300;
/** The others write. */
const PASSWORDS = 0.3;
const REPLACED_MS = 10_000;

/** Entry of a server whose workers die by signals. */
export const MORTAL_SERVER = "tools/chaos/mortal_server.ts";

export const workers: Fault = {
  name: "workers",
  async strike(arena: Arena): Promise<boolean> {
    const { host, random, signal } = arena;
    const replaced = () => host.log.filter((line) => line.includes("died and is replaced")).length;
    let felt = 0;
    const deaths = DEATHS + random.below(MORE_DEATHS);
    for (let death = 0; death < deaths && !signal.aborted; death++) {
      const before = replaced();
      host.signal(random.chance(PASSWORDS) ? "SIGUSR1" : "SIGUSR2");
      await wait(REPLACED_MS, signal, () => replaced() > before);
      if (replaced() > before) felt++;
      // The next one strikes when the server has shown that it works again; so a death is never taken for a
      // worker that cannot even begin.
      const acknowledged = arena.acknowledged();
      await wait(REPLACED_MS, signal, () => arena.acknowledged() > acknowledged + 1);
      await wait(random.below(BETWEEN_MS), signal);
    }
    return felt === deaths;
  },
};
