/** The machine: its cores, and what Linux tells of a process. @module */
import { canPin } from "../../server_process.ts";

/** Clock ticks a second in /proc (USER_HZ). */
const TICKS = 100;

/** Which cores the server and the generators stay on; undefined lets them roam. */
export interface Cores {
  readonly server: string | undefined;
  readonly generators: string | undefined;
}

/** One core for the server and the others for the load, where processes can be pinned. */
export function dealCores(pin: boolean): Cores {
  const count = navigator.hardwareConcurrency;
  if (!pin || !canPin()) return { server: undefined, generators: undefined };
  return { server: "0", generators: count === 2 ? "1" : `1-${count - 1}` };
}

/**
 * A command that stays on the cores. With `idle` it gets them when no other process wants them:
 * Linux interrupts it the moment one does (SCHED_IDLE, sched(7)).
 */
export function pinned(
  command: readonly string[],
  cores: string | undefined,
  { idle = false }: { idle?: boolean } = {},
): string[] {
  if (cores === undefined) return [...command];
  return ["taskset", "-c", cores, ...(idle ? ["chrt", "--idle", "0"] : []), ...command];
}

export function describeMachine(cores: Cores): Record<string, string | number | boolean> {
  return {
    processor: processorName(),
    cores: navigator.hardwareConcurrency,
    server_core: cores.server ?? "any",
    generator_cores: cores.generators ?? "any",
    os: `${Deno.build.os} ${Deno.osRelease()}`,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
  };
}

/** Processor time and memory of a process, all its threads together. Zeros where /proc is missing or it has ended. */
export function usageOf(pid: number): { cpuSeconds: number; residentBytes: number } {
  try {
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(" ");
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
      residentBytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024,
    };
  } catch {
    return { cpuSeconds: 0, residentBytes: 0 };
  }
}

function processorName(): string {
  try {
    return /model name\s*: (.+)/.exec(Deno.readTextFileSync("/proc/cpuinfo"))?.[1] ?? Deno.build.arch;
  } catch {
    return Deno.build.arch;
  }
}
