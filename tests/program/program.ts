/** The program as its task starts it, in a process of its own. @module */
import { startTask } from "../../tools/start_task.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
/** Longer than it should take, on a busy machine, too. */
const START_MS = 120_000;
const END_MS = 60_000;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** By `deno task`, as people do; otherwise what the task runs, without the shell between. */
  readonly byTask?: boolean;
  /** Flags for deno itself; only without `byTask`. */
  readonly denoFlags?: readonly string[];
  /** Files, sockets and the like that it may have open; only without `byTask`, and takes a shell. */
  readonly descriptors?: number;
}

/** Disposing kills it if it still runs. */
export class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Ended>;
  /** What it has printed up to now. */
  readonly output = { stdout: "", stderr: "" };
  #wake: () => void = () => {};
  #over = false;

  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const { byTask = false, denoFlags = [], descriptors } = options;
    const command = byTask ? ["task", "--quiet", "start"] : startArgs(denoFlags);
    const words = [Deno.execPath(), ...command, ...args];
    if (descriptors !== undefined) words.unshift("sh", "-c", `ulimit -n ${descriptors}; exec "$@"`, "sh");
    this.#child = new Deno.Command(words[0]!, {
      args: words.slice(1),
      cwd: ROOT,
      env: { NO_COLOR: "1", ...(byTask ? {} : startTask().env) },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#ended = this.#collect();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Waits until a text stands in what it printed; rejects when it ends before. */
  async prints(text: string, stream: "stdout" | "stderr" = "stdout"): Promise<string> {
    const deadline = setTimeout(() => this.kill(), START_MS);
    try {
      while (!this.output[stream].includes(text)) {
        if (this.#over) throw new Error(`Ended before it printed ${text}: ${JSON.stringify(this.output)}`);
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
      return this.output[stream];
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Address that it listens on, when it does. */
  async address(): Promise<string> {
    const text = await this.prints("Data: ");
    return /listening on (https?:\S+)/.exec(text)![1]!;
  }

  /** Takes its life without a warning. */
  kill(): void {
    this.signal("SIGKILL");
  }

  signal(signal: Deno.Signal): void {
    if (!this.#over) this.#child.kill(signal);
  }

  /** How it ended; it is killed when it takes longer than any decent end. */
  async end(): Promise<Ended> {
    const deadline = setTimeout(() => this.kill(), END_MS);
    try {
      return await this.#ended;
    } finally {
      clearTimeout(deadline);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#ended;
  }

  async #collect(): Promise<Ended> {
    const read = async (name: "stdout" | "stderr") => {
      for await (const text of this.#child[name].pipeThrough(new TextDecoderStream())) {
        this.output[name] += text;
        this.#wake();
      }
    };
    const [{ code }] = await Promise.all([this.#child.status, read("stdout"), read("stderr")]);
    this.#over = true;
    this.#wake();
    return { code, ...this.output };
  }
}

/** Runs it to its end. */
export async function run(...args: string[]): Promise<Ended> {
  await using program = new Program(args);
  return await program.end();
}

/** A folder that is removed afterwards. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "rookery_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The top folder's deno.json. */
export function denoJson(): {
  tasks: { start: { command: string } };
  permissions: Record<string, Record<string, unknown>>;
} {
  return JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`));
}

function startArgs(denoFlags: readonly string[]): string[] {
  const [run, ...rest] = startTask().args;
  // What deno itself says is wanted only by those who ask it for more.
  return [run!, ...denoFlags, ...rest.filter((arg) => denoFlags.length === 0 || arg !== "--quiet")];
}
