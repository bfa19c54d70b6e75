/** The system's clock. @module */
import { clearImmediate, setImmediate } from "node:timers";
import type { Clock, Loop } from "./chat/ports.ts";

export const systemClock: Clock & Loop = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  soon(callback) {
    const turn = setImmediate(callback);
    return () => clearImmediate(turn);
  },
};
