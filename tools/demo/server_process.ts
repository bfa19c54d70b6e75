/** The server as a child process, on a port and a folder that outlive it. @module */
import { ROOT } from "../process.ts";
import { startTask } from "../start_task.ts";

const START_MS = 60_000;
const STOP_MS = 15_000;
/** What the task starts. */
const MAIN = "main.ts";

export interface ServerPlace {
  readonly data: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The program, instead of main.ts. */
  readonly entry?: string;
  /** Program and arguments in front of deno, such as a shell that sets limits and becomes deno. */
  readonly wrapper?: readonly string[];
  /** Variables besides the task's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told of every process that is started. */
  readonly onBegin?: (pid: number) => void;
}

/** A running server. Disposing kills it if it still runs. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stderr: Promise<void>;
  /** What it wrote to its log. */
  readonly log: string[] = [];
  /** Resolves when it is gone. */
  readonly ended: Promise<Deno.CommandStatus>;
  #over = false;
  url = "";
  /** Link that makes its first user the owner; empty when it has one. */
  ownerLink = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#stderr = eachLine(child.stderr, (line) => this.log.push(line));
    this.ended = child.status.then((status) => {
      this.#over = true;
      return status;
    });
  }

  /** Starts a server as `deno task start` does and waits until it listens. Throws when it does not. */
  static async start(place: ServerPlace): Promise<ServerProcess> {
    const server = ServerProcess.begin(place);
    try {
      // Only the very first start has an owner's link to tell.
      await server.#listening(place.port === 0 ? () => server.ownerLink : () => server.url);
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts a server and waits for nothing. */
  static begin({ data, port, entry, wrapper = [], env: more, onBegin }: ServerPlace): ServerProcess {
    const task = startTask();
    const settings = ["--host", "127.0.0.1", "--port", `${port}`, "--data", data, "--bcrypt-cost", "4"];
    const env = Object.fromEntries(
      Object.entries(Deno.env.toObject()).filter(([name]) => !name.startsWith("ROOKERY_")),
    );
    const start = task.args.map((arg) => arg === MAIN && entry !== undefined ? entry : arg);
    const [program, ...args] = [...wrapper, Deno.execPath(), ...start, "serve", ...settings];
    const child = new Deno.Command(program!, {
      args,
      cwd: ROOT,
      env: { ...env, ...task.env, ...more },
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    onBegin?.(child.pid);
    return new ServerProcess(child);
  }

  get pid(): number {
    return this.#child.pid;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#child.status;
    if (!this.#child.stdout.locked) await this.#child.stdout.cancel();
    await this.#stderr;
  }

  /** Sends a signal, if it still runs. */
  signal(signal: Deno.Signal): void {
    if (!this.#over) this.#child.kill(signal);
  }

  /** Asks it to stop; returns its exit code, or undefined when it had to be killed. */
  async stop(): Promise<number | undefined> {
    this.signal("SIGTERM");
    const timer = Promise.withResolvers<undefined>();
    const timeout = setTimeout(() => timer.resolve(undefined), STOP_MS);
    const status = await Promise.race([this.#child.status, timer.promise]);
    clearTimeout(timeout);
    await this.kill();
    return status?.code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #listening(ready: () => string): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new Error([reason, ...this.log].join("\n")));
      const timeout = setTimeout(() => fail(`The server does not listen after ${START_MS} ms`), START_MS);
      void eachLine(this.#child.stdout, (line) => {
        const url = / is listening on (\S+)/.exec(line)?.[1];
        if (url) this.url = url;
        if (line.includes("#invite=")) this.ownerLink ||= line.trim();
        if (ready() === "") return;
        clearTimeout(timeout);
        resolve();
      }).then(() => {
        clearTimeout(timeout);
        fail("The server ended before it listened");
      });
    });
  }
}

async function eachLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  use: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") use(line);
  }
  if (rest !== "") use(rest);
}
