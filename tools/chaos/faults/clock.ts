/** The wall clock leaps under the running server, by libfaketime; the monotonic one goes on. @module */
import { type Arena, type Fault, wait } from "./fault.ts";

const LIBRARIES = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib/faketime/libfaketimeMT.so.1",
  "/usr/lib64/faketime/libfaketimeMT.so.1",
  "/usr/local/lib/faketime/libfaketimeMT.so.1",
];
const FORTH_S = [10, 61, 3600, 2 * 86_400, 30 * 86_400];
const BACK = 0.7;
const HOLD_MS = 800;
/** libfaketime looks at its file when more than this has passed, by whole seconds. */
const CACHE_S = 1;
const CACHE_MS = 2200;
const TOLERANCE_MS = 3000;

/** The library, by `LIBFAKETIME` or where packages put it; undefined when there is none. */
export function findLibrary(): string | undefined {
  const named = Deno.env.get("LIBFAKETIME");
  return [...(named ? [named] : []), ...LIBRARIES].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** A clock that a file moves. */
export class MovableClock {
  readonly #path: string;
  readonly #library: string;
  #offsetS = 0;
  #furthestS = 0;

  constructor(path: string, library: string) {
    this.#path = path;
    this.#library = library;
    this.set(0);
  }

  /** Seconds that it is ahead of the true one. */
  get offsetS(): number {
    return this.#offsetS;
  }

  /** The largest that {@link offsetS} ever was. */
  get furthestS(): number {
    return this.#furthestS;
  }

  get env(): Record<string, string> {
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#path,
      FAKETIME_CACHE_DURATION: `${CACHE_S}`,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** Shared memory that a process takes away itself unless it is killed. */
  static traces(pid: number): string[] {
    return [`/dev/shm/faketime_shm_${pid}`, `/dev/shm/sem.faketime_sem_${pid}`];
  }

  set(offsetS: number): void {
    this.#offsetS = offsetS;
    this.#furthestS = Math.max(this.#furthestS, offsetS);
    const draft = `${this.#path}.new`;
    Deno.writeTextFileSync(draft, `${offsetS < 0 ? "" : "+"}${offsetS}\n`);
    Deno.renameSync(draft, this.#path);
  }
}

export function clockFault(clock: MovableClock): Fault {
  return {
    name: "clock",
    async strike({ host, random, signal }: Arena): Promise<boolean> {
      const hold = () => wait(CACHE_MS + random.below(HOLD_MS), signal);
      clock.set(clock.furthestS + random.pick(FORTH_S)!);
      await hold();
      const felt = await shows(host.url, clock.offsetS);
      clock.set(clock.offsetS + random.pick(FORTH_S)! * (random.chance(BACK) ? -1 : 1));
      await hold();
      // Home, which is a leap like any other.
      clock.set(0);
      await hold();
      return felt;
    },
  };
}

/** Whether the server tells the time by this clock. Its answers never go back, so ask when it is ahead. */
async function shows(url: string, offsetS: number): Promise<boolean> {
  const response = await fetch(`${url}/healthz`).catch(() => undefined);
  await response?.body?.cancel();
  const toldMs = Date.parse(response?.headers.get("date") ?? "");
  return Math.abs(toldMs - Date.now() - offsetS * 1000) < TOLERANCE_MS;
}
