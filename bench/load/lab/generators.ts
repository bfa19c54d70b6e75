/** The generator processes: started, told when to begin, listened to, ended. @module */
import type { ChatJob, FromGenerator, Job, Sample, ToGenerator } from "../protocol.ts";
import { TextLineStream } from "../text_lines.ts";
import { pinned } from "./machine.ts";

const PROGRAM = new URL("../generator/main.ts", import.meta.url).pathname;
/**
 * It looks for input after each task, not after Deno's 61: what has come should not wait for the generator to see it.
 * The server's own choice, in deno.json, is the opposite, since there a look costs more than the wait.
 */
const ENV = { DENO_TOKIO_EVENT_INTERVAL: "1" };
/** Between "go" and the beginning, so that all processes have heard of it. */
const NOTICE_MS = 200;
const PATIENCE_MS = 15_000;

/** One generator process. */
export class Generator implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;

  constructor(job: Job, cores: string | undefined, priority: { readonly idle?: boolean } = {}) {
    // By its name: that is how the permissions of the tests allow it.
    const deno = ["deno", "run", "--quiet", "-A", PROGRAM];
    const [command, ...args] = pinned(deno, cores, priority);
    this.#child = new Deno.Command(command!, {
      args,
      env: ENV,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
    void this.#write(job);
  }

  tell(message: ToGenerator): void {
    void this.#write(message);
  }

  /** The next thing it says. */
  async hear(): Promise<FromGenerator> {
    const { value, done } = await this.#output.read();
    if (done) throw new Error("A load generator ended early: its error is above");
    return JSON.parse(value) as FromGenerator;
  }

  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // Ended by itself.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#child.status;
    await this.#output.cancel();
    await this.#input.abort().catch(() => {});
  }

  async #write(message: unknown): Promise<void> {
    // One that has ended is noticed by hearing nothing from it.
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => {});
  }
}

export interface Observer {
  /** All are connected, and everything begins at this time. */
  begin?(atMs: number): void;
  sample?(sample: Sample): void;
}

/** Runs jobs of one load side by side, one process each; returns their results. */
export async function runJobs<Result>(
  jobs: readonly Job[],
  { cores, observer = {}, patienceMs = PATIENCE_MS, signal }: {
    cores: string | undefined;
    observer?: Observer;
    /** How long deliveries may stay away before they count as lost. */
    patienceMs?: number | undefined;
    /** Ends the generators, and so the run with an error. */
    signal?: AbortSignal;
  },
): Promise<Result[]> {
  signal?.throwIfAborted();
  await using stack = new AsyncDisposableStack();
  const generators = jobs.map((job) => stack.use(new Generator(job, cores)));
  const kill = () => generators.forEach((generator) => generator.kill());
  signal?.addEventListener("abort", kill);
  stack.defer(() => signal?.removeEventListener("abort", kill));
  for (const generator of generators) {
    const { type } = await generator.hear();
    if (type !== "ready") throw new Error(`Expected "ready", not "${type}"`);
  }
  const atMs = Date.now() + NOTICE_MS;
  for (const generator of generators) generator.tell({ type: "go", atUs: atMs * 1000 });
  observer.begin?.(atMs);
  const settling = new Settling(generators, patienceMs);
  return await Promise.all(generators.map(async (generator, index) => {
    for (;;) {
      const message = await generator.hear();
      if (message.type === "done") return message.result as Result;
      if (message.type === "sample") {
        observer.sample?.(message);
        settling.received(index, message.received);
      } else if (message.type === "sent") settling.sent(message.expected);
    }
  }));
}

/** Tells the generators to stop when all that was to come has come, or nothing comes any more. */
class Settling {
  readonly #generators: readonly Generator[];
  readonly #received: number[];
  readonly #patienceMs: number;
  #ready = 0;
  #expected = 0;
  #stopped = false;
  #lastSum = -1;
  #lastNewsMs = 0;

  constructor(generators: readonly Generator[], patienceMs: number) {
    this.#generators = generators;
    this.#patienceMs = patienceMs;
    this.#received = generators.map(() => 0);
  }

  sent(expected: number): void {
    this.#expected += expected;
    this.#ready++;
    this.#lastNewsMs = performance.now();
  }

  received(index: number, count: number): void {
    this.#received[index] = count;
    if (this.#stopped || this.#ready < this.#generators.length) return;
    const sum = this.#received.reduce((a, b) => a + b, 0);
    const now = performance.now();
    if (sum !== this.#lastSum) this.#lastNewsMs = now;
    this.#lastSum = sum;
    if (sum < this.#expected && now - this.#lastNewsMs < this.#patienceMs) return;
    this.#stopped = true;
    for (const generator of this.#generators) generator.tell({ type: "stop" });
  }
}

/** A chat's job dealt out to so many processes. */
export function deal(job: ChatJob, processes: number): ChatJob[] {
  const count = Math.max(1, Math.min(processes, job.users.length));
  return Array.from({ length: count }, (_, process) => {
    const share = (all: number) => Math.floor(all / count) + (process < all % count ? 1 : 0);
    const users = job.users.filter((_, at) => at % count === process);
    return { ...job, users, timed: share(job.timed), deaf: share(job.deaf) };
  });
}
