/** A Rookery server in a process of its own, on its own core where that can be had. @module */
import type { Limits } from "../src/chat/limits.ts";
import { startTask } from "../tools/start_task.ts";

const ROOT = new URL("..", import.meta.url).pathname;

/** What a load generator needs lifted: it is many users on one machine. */
export const LOAD_LIMITS: Partial<Limits> = {
  connectionsPerUser: 100_000,
  connectionsPerAddress: 100_000,
  commandsPerSecond: 1_000_000,
  commandBurst: 1_000_000,
};

export interface ServerProcessOptions {
  readonly folder: string;
  readonly limits?: Partial<Limits>;
  /** Further keys of the configuration file. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Cores to stay on, as taskset takes them; undefined for any. */
  readonly cores?: string | undefined;
  /** Flags for deno. */
  readonly denoFlags?: readonly string[];
  /** Further arguments of the server. */
  readonly args?: readonly string[];
}

export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** Such as http://127.0.0.1:40123. */
  readonly url: string;
  readonly socketUrl: string;
  /** From the process's start to its listening, milliseconds. */
  readonly startMs: number;
  /** Where its metrics are; undefined unless it was configured with `metrics-port`. */
  readonly metricsUrl: string | undefined;
  /** Ends it without waiting. */
  kill(): void;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number>;
}

/** Starts a server on a folder; resolves when it listens. Disposing stops it gracefully. */
export async function startServer(options: ServerProcessOptions): Promise<ServerProcess> {
  const { folder, limits = LOAD_LIMITS, config: more = {}, cores, denoFlags = [], args: further = [] } =
    options;
  const config = `${folder}/config.json`;
  Deno.writeTextFileSync(config, JSON.stringify({ limits, "log-level": "warn", ...more }));
  const { env, args: [run, ...flags] } = startTask();
  const server = ["--port", "0", "--data", folder, "--config", config, ...further];
  // By its name: that is how the permissions of `deno task bench` allow it.
  const deno = ["deno", run!, ...denoFlags, ...flags, ...server];
  const [command, ...args] = cores === undefined ? deno : ["taskset", "-c", cores, ...deno];
  const beforeMs = performance.now();
  const child = new Deno.Command(command!, {
    args,
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  // The line about the data comes last.
  while (!/^Data: .*\n/m.test(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The server ended before it listened");
    text += value;
  }
  const startMs = performance.now() - beforeMs;
  let over = false;
  const ended = child.status.then(({ code }) => {
    over = true;
    return code;
  });
  const url = /listening on (\S+)/.exec(text)![1]!;
  const metricsUrl = /^Metrics: (\S+)/m.exec(text)?.[1];
  return {
    pid: child.pid,
    url,
    socketUrl: `${url.replace("http", "ws")}/api/v1/socket`,
    startMs,
    metricsUrl,
    kill: () => child.kill("SIGKILL"),
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) child.kill("SIGTERM");
      await ended;
      await reader.cancel();
    },
  };
}

/** Whether programs can be kept on one core here. */
export function canPin(): boolean {
  try {
    return navigator.hardwareConcurrency > 1 &&
      new Deno.Command("taskset", { args: ["-c", "1", "true"] }).outputSync().success;
  } catch {
    return false;
  }
}
