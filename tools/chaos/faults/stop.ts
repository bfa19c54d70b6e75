/** SIGSTOP: the process stands still, its connections stay. @module */
import { answers, type Arena, type Fault, wait } from "./fault.ts";

const MIN_MS = 1000;
const MORE_MS = 3000;

export const stop: Fault = {
  name: "stop",
  async strike({ host, random, signal }: Arena): Promise<boolean> {
    host.signal("SIGSTOP");
    const [alive] = await Promise.all([
      answers(host.url, MIN_MS),
      wait(MIN_MS + random.below(MORE_MS), signal),
    ]);
    host.signal("SIGCONT");
    return !alive;
  },
};
