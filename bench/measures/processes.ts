/** Temporary folders, the generator's process and what Linux tells of the server's. @module */
import type { Job } from "../load/generator.ts";
import { canPin } from "../server_process.ts";

const GENERATOR = new URL("../load/generator.ts", import.meta.url).pathname;
/** Clock ticks a second in /proc (USER_HZ). */
const TICKS = 100;

/** Core of the server and of the load; undefined where processes cannot be pinned. */
export const CORES = canPin() ? { server: 0, load: 1 } : { server: undefined, load: undefined };

export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "rookery_measure_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

export interface Generator {
  readonly pid: number;
  /** Next line of JSON that it prints. */
  next<T>(): Promise<T>;
  /** Lets an idle one end, and waits for it. */
  finish(): Promise<void>;
}

export function startGenerator(folder: string, job: Job): Generator {
  const file = `${folder}/job.json`;
  Deno.writeTextFileSync(file, JSON.stringify(job));
  const deno = [Deno.execPath(), "run", "--quiet", "-A", GENERATOR, file];
  const [command, ...args] = CORES.load === undefined ? deno : ["taskset", "-c", String(CORES.load), ...deno];
  const child = new Deno.Command(command!, { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
    .spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    pid: child.pid,
    async next<T>() {
      while (!text.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error("The load generator ended early");
        text += value;
      }
      const end = text.indexOf("\n");
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return JSON.parse(line) as T;
    },
    async finish() {
      const writer = child.stdin.getWriter();
      await writer.write(new Uint8Array(1)).catch(() => {});
      await writer.close().catch(() => {});
      await child.status;
      await reader.cancel();
    },
  };
}

/** Runs a job to its end. */
export async function generate<T>(folder: string, job: Job): Promise<T> {
  const generator = startGenerator(folder, job);
  const result = await generator.next<T>();
  await generator.finish();
  return result;
}

/** Seconds of processor time that a process has used, all its threads together. */
export function cpuSeconds(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}
